#!/usr/bin/python3
"""gpu_check.sh from end to end with the simulator in the GPU's place; and what a machine without a GPU is told."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM, SOURCE = Path(os.environ["FLASHDECK"]), Path(os.environ["SOURCE"])
failures = 0


def check(right, what):
    global failures
    if not right:
        failures += 1
        print("FAILED:", what)


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)


def without_a_gpu():
    for command in (("bench", "--device", "cuda"), ("verify", "--device", "cuda:1")):
        ended = run(PROGRAM, *command, "-a", "N=32")
        check(ended.returncode == 77, f"{command} ended with {ended.returncode}")
        check(ended.stderr.count("error:") == 1 and "cuda" in ended.stderr, f"{command} says {ended.stderr}")
    ended = run(PROGRAM, "verify", "--device", "cpu,cuda", "-a", "N=32", "-a", "kernel=naive")
    check(ended.returncode == 0 and "1 passed" in ended.stdout, f"cpu,cuda: {ended.returncode} {ended.stdout}")
    check(ended.stderr.count("\n") == 1 and "the others are used" in ended.stderr, f"cpu,cuda says {ended.stderr}")
    devices = run(PROGRAM, "devices", "--no-roofs")
    check(devices.returncode == 0 and "GPU         none: " in devices.stdout, f"devices: {devices.stdout[-300:]}")


def the_whole_check(folder):
    ended = run(SOURCE / "scripts/gpu_check.sh", "--rehearse", "--minutes", "60", "--out", folder, "--program",
                PROGRAM.parent.parent)
    check(ended.returncode == 0, f"gpu_check.sh ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}")
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    steps = {step["step"]: step for step in record["context"]["gpu_check"]}
    for name in ("devices", "bench-gpu", "bench-figure1", "modernbert", "bench-scaling", "bench-quick", "verify-matrix",
                 "verify-lengths", "compare-simt"):
        check(steps.get(name, {}).get("outcome") == "done", f"{name}: {steps.get(name)}")
    check("0 wrong" in (folder / "verify-matrix.log").read_text(), "the matrix")
    compared = (folder / "compare-simt.log").read_text().splitlines()
    check(compared[-1].split()[0] != "0" and "all" in compared[1], f"compared: {compared[-1:]}")
    own = record["context"]["flashdeck"]
    check(own["rehearsal"] is True and own["incomplete"] is False, "the record is not marked")
    cases = [row["flashdeck"] for row in record["benchmarks"] if "flashdeck" in row]
    check(len(cases) >= 5 and all(c["stop_reason"] == "rehearsal" and not c["samples"] for c in cases), "cases")
    check("never measured" in ended.stdout, "the table")
    stacks = record["modernbert"]
    check(len(stacks) == 4 and all(row["kind"] == "rehearsed" and row["device"] == "simt" for row in stacks), stacks)
    check(ended.stdout.count("rehearsed: every way right") == 4, "ModernBERT's table")


def nobody_takes_it_for_measured(folder):
    record = folder / "record.json"
    for command in (("report", record), ("deck", "check", "--record", record), ("deck", "--record", record)):
        ended = run(PROGRAM, *command)
        check(ended.returncode == 2 and "rehearsal" in ended.stderr, f"{command}: {ended.returncode} {ended.stderr}")
    ended = run(PROGRAM, "bench", "--device", "cpu", "--resume", record, "-a", "N=32", "-a", "kernel=naive")
    check(ended.returncode == 2 and "rehearsal" in ended.stderr, f"resume: {ended.returncode} {ended.stderr}")


with tempfile.TemporaryDirectory() as place:
    without_a_gpu()
    the_whole_check(Path(place))
    nobody_takes_it_for_measured(Path(place))
print(f"{failures} failures")
sys.exit(1 if failures else 0)
