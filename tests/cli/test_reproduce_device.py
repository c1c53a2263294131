#!/usr/bin/python3
"""flashdeck reproduce modernbert on a device: the whole way in the simulator, what its rows say, who refuses them, and
what a machine without a GPU is told."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema

PROGRAM, SOURCE = os.environ["FLASHDECK"], Path(os.environ["SOURCE"])
WAYS = ["all_global", "alternating", "all_global_padded", "alternating_padded"]
# Threads that wait must not keep others from the two processors that tests have.
ENVIRONMENT = {**os.environ, "OMP_WAIT_POLICY": "passive"}
failures = 0


def check(right, what):
    global failures
    if not right:
        failures += 1
        print("FAILED:", what)


def run(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False,
                          env=ENVIRONMENT)


def reproduce(*words):
    return run("reproduce", "modernbert", *words)


def refused(words, code, says):
    ended = reproduce(*words)
    check(ended.returncode == code and says in ended.stderr and ended.stderr.count("error:") == 1,
          f"{words}: {ended.returncode} {ended.stderr}")


def rows_are_right(record):
    schema = json.loads((SOURCE / "reports/record.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(record)
    check(record["context"]["flashdeck"]["rehearsal"] is True, "the record is not marked")
    rows = record["modernbert"]
    check([row["key"] for row in rows] == [f"modernbert.base.{kind}_{most}.h1.simt" for most in (32, 160)
                                           for kind in ("fixed", "variable")], [row["key"] for row in rows])
    for row in rows:
        variable = row["lengths"].startswith("variable")
        check((row["kind"], row["device"], row["dtype"]) == ("rehearsed", "simt", "bf16"), row)
        check([way["name"] for way in row["ways"]] == (WAYS if variable else WAYS[:2]), row["ways"])
        check(all(way["samples"] == [] and way["rope_samples"] == [] for way in row["ways"]), "samples")
        check(row["alternation"]["median"] is None and row["ceiling"] >= 1 and row["published"] == [], row["key"])
        check((row["tokens"] < row["padded_tokens"]) == variable, f"{row['tokens']} of {row['padded_tokens']}")
    check(rows[2]["ceiling"] > 1.1, "160 tokens pass the window")


def the_simulator_rehearses(folder):
    path = folder / "record.json"
    ended = reproduce("--device", "simt", "-o", path)
    check(ended.returncode == 0, f"ended with {ended.returncode}: {ended.stderr}")
    check("every way was verified and none was measured" in ended.stdout and ended.stdout.count("never measured") == 4
          and " ms" not in ended.stdout and "published" not in ended.stdout, ended.stdout)
    rows_are_right(json.loads(path.read_text(encoding="utf-8")))
    again = reproduce("--device", "simt", "-o", path)
    check(again.returncode == 0 and len(json.loads(path.read_text(encoding="utf-8"))["modernbert"]) == 4,
          f"rows are replaced: {again.stderr}")
    for command in (("report", path), ("deck", "check", "--record", path)):
        told = run(*command)
        check(told.returncode == 2 and "rehearsal" in told.stderr, f"{command}: {told.returncode} {told.stderr}")
    refused(("--rounds", "1", "-o", path), 2, "is a rehearsal, in which nothing is measured: nothing is added")
    claimed = json.loads(path.read_text(encoding="utf-8"))
    claimed["context"]["flashdeck"]["rehearsal"] = False
    other = folder / "claimed.json"
    other.write_text(json.dumps(claimed), encoding="utf-8")
    told = run("report", other)
    check(told.returncode == 2 and '"kind" is not measured' in told.stderr, f"claimed: {told.stderr}")


def bad_devices(folder):
    refused(("--device", "cpu,simt"), 2, "one device")
    refused(("--device", "sint"), 2, "there is no device 'sint'")
    refused(("--device", "simt:x"), 2, "is not a device")
    if not os.path.exists("/dev/nvidiactl"):
        refused(("--device", "cuda", "-o", folder / "none.json"), 77, "no device: cuda")
        check(not (folder / "none.json").exists(), "a record of nothing")


if "simt" not in run("bench", "--help").stdout or run("bench", "--device", "simt", "--benchmark_list_tests").returncode:
    print("this build has no simulator")
    sys.exit(77)
with tempfile.TemporaryDirectory() as place:
    the_simulator_rehearses(Path(place))
    bad_devices(Path(place))
print(f"{failures} failures")
sys.exit(1 if failures else 0)
