#!/usr/bin/python3
"""A fresh record and an incomplete one satisfy the published schema; broken ones do not."""
import copy
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

PROGRAM = os.environ["FLASHDECK"]
SOURCE = os.environ["SOURCE"]


def measure(path):
    subprocess.run([PROGRAM, "bench", "-a", "kernel=flash,naive", "-a", "N=64", "--benchmark_repetitions=8",
                    "--benchmark_min_time=0.001", "--benchmark_out=" + path, "--quiet"], check=True)
    with open(path) as file:
        return json.load(file)


def interrupt(path):
    """Stops a measurement once its record lies there."""
    child = subprocess.Popen([PROGRAM, "bench", "-a", "kernel=flash,naive", "-a", "N=64,128", "--benchmark_min_time=0.01",
                              "--benchmark_repetitions=1000", "--benchmark_out=" + path, "--quiet"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not os.path.exists(path) and child.poll() is None:
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)  # a second one would end it at once
    assert child.wait(timeout=60) == 130, child.returncode
    with open(path) as file:
        record = json.load(file)
    assert record["context"]["flashdeck"]["incomplete"] is True
    return record


def first(record):
    return record["benchmarks"][0]


def own(record):
    return first(record)["flashdeck"]


# What is done to a good record, in words and as a function.
BREAKS = [
    ("no context", lambda r: r.pop("context")),
    ("no benchmarks", lambda r: r.pop("benchmarks")),
    ("a row without a time", lambda r: first(r).pop("real_time")),
    ("a time in words", lambda r: first(r).update(real_time="12 ms")),
    ("a negative time", lambda r: first(r).update(real_time=-1)),
    ("another unit", lambda r: first(r).update(time_unit="ms")),
    ("a first row without our object", lambda r: first(r).pop("flashdeck")),
    ("our object in a second row", lambda r: r["benchmarks"][1].update(flashdeck=own(r))),
    ("an unknown field of our own", lambda r: own(r).update(speedup=7.6)),
    ("an unknown field of the machine", lambda r: r["context"]["flashdeck"]["machine"].update(gpu="x")),
    ("an unknown field of a stage", lambda r: own(r)["stages"][0].update(share=1)),
    ("a newer schema", lambda r: r["context"]["flashdeck"].update(schema=2)),
    ("a sample of 0", lambda r: own(r)["samples"].append(0)),
    ("a sample that is null", lambda r: own(r)["samples"].append(None)),
    ("a seed as a number", lambda r: own(r).update(seed=1)),
    ("a failed case without a reason", lambda r: own(r).update(failed=True)),
    ("an error in a good case", lambda r: own(r).update(error="no")),
    ("an error row without its message", lambda r: first(r).update(error_occurred=True)),
    ("a head of 60", lambda r: own(r)["problem"].update(head_dim=60)),
    ("no keys at all", lambda r: own(r)["problem"].update(len_kv=0)),
    ("a window of -2", lambda r: own(r)["problem"].update(window_left=-2)),
    ("an interval without its level", lambda r: own(r)["seconds"].pop("level")),
    ("a level of 99", lambda r: own(r)["seconds"].update(level=99)),
    ("a stop without a known reason", lambda r: own(r).update(stop_reason="tired")),
    ("a key with a space", lambda r: own(r).update(key="flash cpu")),
    ("a date without a time", lambda r: r["context"].update(date="2026-01-01")),
]


def failed(record):
    """As the harness writes a case that was wrong."""
    record = copy.deepcopy(record)
    case, row = own(record), first(record)
    case.update(failed=True, error="differs from the oracle", samples=[], cpu_samples=[], iterations=[], stages=[],
                stop_reason=None, spread=None, seconds={"median": None, "low": None, "high": None, "level": 0})
    row.update(error_occurred=True, error_message=case["error"], iterations=0, real_time=0.0, cpu_time=0.0)
    return record


def main():
    with open(os.path.join(SOURCE, "reports/record.schema.json")) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    faults = []

    def check(record, words):
        for error in validator.iter_errors(record):
            faults.append(f"{words}: {error.json_path}: {error.message[:200]}")

    with tempfile.TemporaryDirectory() as folder:
        fresh = measure(os.path.join(folder, "fresh.json"))
        check(fresh, "fresh")
        check(interrupt(os.path.join(folder, "incomplete.json")), "incomplete")
    check(failed(fresh), "failed")
    extended = copy.deepcopy(fresh)
    first(extended)["a_counter_of_google"] = 3
    extended["context"]["library_version"] = "1.9"
    check(extended, "extended by Google")
    for words, change in BREAKS:
        broken = copy.deepcopy(fresh)
        change(broken)
        if validator.is_valid(broken):
            faults.append("accepted: " + words)
    for fault in faults:
        print(fault)
    print(f"{len(BREAKS)} broken records tried, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
