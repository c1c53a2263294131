#!/usr/bin/env python3
"""flashdeck train-gate and tradeoff: a stopped training goes on to the same bits, wrong files and flags are refused."""
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

FLASHDECK = os.environ["FLASHDECK"]
SOURCE = os.environ["SOURCE"]
SMALL = ["--length", "512", "--documents", "4", "--models", "2", "--steps", "60", "--threads", "1"]


def train(*flags, expect=0):
    done = subprocess.run([FLASHDECK, "train-gate", *flags], capture_output=True, text=True, timeout=120)
    assert done.returncode == expect, (flags, done.returncode, done.stderr)
    return done


def killed_run_goes_on(folder):
    whole, stopped = folder / "whole.safetensors", folder / "stopped.safetensors"
    train(*SMALL, "-o", str(whole), "-q")
    # Slow enough to be stopped in the middle, wherever that is: the file of the last 20 steps stays.
    for signal_number in (signal.SIGINT, signal.SIGKILL):
        process = subprocess.Popen([FLASHDECK, "train-gate", *SMALL, "-o", str(stopped), "--fresh"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until = time.monotonic() + 60
        while not stopped.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        process.send_signal(signal_number)
        process.communicate(timeout=60)
        train(*SMALL, "-o", str(stopped))
        assert whole.read_bytes() == stopped.read_bytes(), "a resumed training ends elsewhere"
        stopped.unlink()


def table_is_printed(folder):
    done = train(*SMALL, "-o", str(folder / "table.safetensors"))
    for words in ("learned gate", "bound of keys", "the attention itself", "loss, step by step"):
        assert words in done.stdout, done.stdout


def bad_input_is_refused(folder):
    gate = folder / "gate.safetensors"
    train(*SMALL, "-o", str(gate), "-q")
    assert "was trained otherwise" in train(*SMALL, "--seed", "2", "-o", str(gate), expect=2).stderr
    gate.write_bytes(gate.read_bytes()[:-4])
    assert "pass the end of the file" in train(*SMALL, "-o", str(gate), expect=2).stderr
    gate.write_bytes(b"")
    assert "shorter" in train(*SMALL, "-o", str(gate), expect=2).stderr
    for flags in (["--length", "100"], ["--steps", "0"], ["--documents", "0"], ["--models", "0"], ["--threads", "0"], ["--lenght", "9"]):
        assert train(*flags, "-o", str(folder / "none"), expect=2).stderr.startswith("error: ")
    assert not (folder / "none").exists()


def tradeoff_reads_the_gate(folder):
    gate = folder / "small.safetensors"
    train(*SMALL, "-o", str(gate), "-q")

    def tradeoff(*flags, expect=0):
        done = subprocess.run([FLASHDECK, "tradeoff", *flags], capture_output=True, text=True, timeout=120)
        assert done.returncode == expect, (flags, done.returncode, done.stderr)
        return done

    table = tradeoff("--gate", str(gate), "--rounds", "2", "--documents", "2", "--threads", "1").stdout
    for words in ("learned gate", "bound of keys", "the attention itself", "dense flash", "at 50 %: pool"):
        assert words in table, table
    assert table.count("learned gate") == 5, table
    assert "No such file" in tradeoff("--gate", str(folder / "none"), expect=2).stderr
    assert tradeoff("--gate", str(gate), "--rounds", "0", expect=2).stderr.startswith("error: ")
    gate.write_bytes(gate.read_bytes().replace(b'"steps":"60"', b'"steps":"90"'))
    assert "lacks what its training" in tradeoff("--gate", str(gate), expect=2).stderr


def check_schema(record):
    try:
        import jsonschema
    except ImportError:
        print("python3-jsonschema is not installed: the schema was not tried")
        return
    schema = json.loads(pathlib.Path(SOURCE, "reports/record.schema.json").read_text(encoding="utf-8"))
    faults = [f"{e.json_path}: {e.message[:200]}" for e in jsonschema.Draft202012Validator(schema).iter_errors(record)]
    assert not faults, faults
    record["tradeoffs"][0]["points"][0]["density"] = 1.5
    assert not jsonschema.Draft202012Validator(schema).is_valid(record), "a density of 1.5 is taken"


def rows_go_into_one_record(folder):
    """Trade-offs and ModernBERT's rows, each added to what is there; a row of the same key is replaced."""
    gate, out = folder / "gate2.safetensors", folder / "record.json"
    train(*SMALL, "-o", str(gate), "-q")
    few = ["--rounds", "2", "--documents", "1", "--threads", "1"]

    def run(*flags, expect=0):
        done = subprocess.run([FLASHDECK, *flags], capture_output=True, text=True, timeout=120)
        assert done.returncode == expect, (flags, done.returncode, done.stderr)
        return done

    run("tradeoff", "--gate", str(gate), *few, "-o", str(out))
    table = run("tradeoff", "--gate", str(gate), *few, "-N", "512,1024", "--benchmark_out", str(out)).stdout
    assert "times as fast as dense flash" in table and "the gate learned at 512 tokens" in table, table
    record = json.loads(out.read_text(encoding="utf-8"))
    assert [row["problem"]["len_kv"] for row in record["tradeoffs"]] == [512, 1024], record["tradeoffs"]
    for row in record["tradeoffs"]:
        assert row["models"] == 2 and row["gate_steps"] == 60 and len(row["dense_samples"]) == 2
        assert {p["selector"] for p in row["points"]} >= {"local", "mean", "bound", "gate", "mass"}
        # What is kept rises with the density, and nobody keeps more than the attention itself.
        for p in row["points"]:
            best = next(q for q in row["points"] if q["selector"] == "mass" and q["density"] == p["density"])
            assert p["recall"]["median"] <= best["recall"]["median"] + 1e-9, (p["key"], best["recall"])
            ratios = [dense / sparse for dense, sparse in zip(row["dense_samples"], p["samples"])]
            assert abs(p["speed"]["median"] - statistics.median(ratios)) < 1e-9 * p["speed"]["median"], p["key"]
    check_schema(json.loads(out.read_text(encoding="utf-8")))
    # Printed figures are the record's.
    gate10 = next(p for p in record["tradeoffs"][1]["points"] if p["key"].startswith("tradeoff.gate.keep10."))
    assert f".{round(1000 * gate10['recall']['median']):03d} [" in table, table
    # One that does not fit is refused, and stays as it is.
    record["context"]["flashdeck"]["machine"]["cpu_name"] = "another"
    out.write_text(json.dumps(record), encoding="utf-8")
    before = out.read_bytes()
    assert "another machine" in run("tradeoff", "--gate", str(gate), *few, "-o", str(out), expect=2).stderr
    assert "another machine" in run("reproduce", "modernbert", "-o", str(out), expect=2).stderr
    assert out.read_bytes() == before
    for lengths in ("", "1000", "1024,512", "512,512", "256", "512,", "9999999999", "512;1024"):
        assert "-N" in run("tradeoff", "--gate", str(gate), "-N", lengths, expect=2).stderr, lengths


with tempfile.TemporaryDirectory() as name:
    for case in (killed_run_goes_on, table_is_printed, bad_input_is_refused, tradeoff_reads_the_gate,
                 rows_go_into_one_record):
        case(pathlib.Path(name))
        print("ok", case.__name__)
sys.exit(0)
