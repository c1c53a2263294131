#!/usr/bin/python3
"""peers_torch.py without PyTorch: the rows that it adds are read, its counts are right, and it speaks our ABI."""
import ctypes
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM, SOURCE, LIBRARY = os.environ["FLASHDECK"], Path(os.environ["SOURCE"]), os.environ.get("PEERS", "")
failures = 0


def check(right, what):
    global failures
    if not right:
        failures += 1
        print("FAILED:", what)


spec = importlib.util.spec_from_file_location("peers", SOURCE / "scripts/peers_torch.py")
peers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peers)
CASE = {"n": 64, "d": 32, "heads": 2, "batch": 3, "mask": "causal_w7"}


def pairs_by_hand(case, rows=None):
    causal, left = peers.window(case["mask"])
    return sum(1 for i in range(case["n"]) for j in range(case["n"])
               if (not causal or j <= i) and (left < 0 or j >= i - left)
               and (rows is None or j // peers.BLOCK in rows[i // peers.BLOCK]))


def counts():
    for mask in ("full", "causal", "causal_w7", "causal_w0", "causal_w500"):
        for n in (1, 8, 65):
            case = dict(CASE, n=n, mask=mask)
            check(peers.pairs_of(case) == pairs_by_hand(case), f"pairs of {mask}, {n}")
    rows, case = [[0], [0, 1], [0, 2]], dict(CASE, n=300, mask="full")
    check(peers.pairs_of(case, rows) == pairs_by_hand(case, rows), "pairs of blocks")
    ten = peers.estimate([float(i) for i in range(10)])
    check(ten["median"] == 4.5 and ten["low"] == 0 and ten["high"] == 9 and ten["level"] > 0.99, f"10: {ten}")
    many = peers.estimate([float(i) for i in range(30)])
    check(many["low"] == 7 and many["high"] == 22 and many["level"] >= 0.99, f"30: {many}")
    few = peers.estimate([1.0, 2.0, 3.0])
    check(few["low"] == 1 and few["high"] == 3 and few["level"] == 0.75, f"3: {few}")


def rows(folder):
    record = folder / "record.json"
    subprocess.run([PROGRAM, "bench", "--device", "cpu", "-a", "kernel=naive", "-a", "N=64", "--quiet",
                    "--benchmark_repetitions=8", "--benchmark_min_time=0.001", f"--benchmark_out={record}"], check=True)
    good = {"samples": [1e-3 + 1e-6 * i for i in range(10)], "cpu": [1e-4] * 10, "calls": [5] * 10, "sets": 4, "roof": 8e14,
            "max_error": 1e-3, "plain_error": 1e-3, "tolerance": 3e-3, "rows": 512}
    for _ in range(2):  # the second time in place of the first
        peers.add_rows(record, peers.rows_of(CASE, peers.describe(CASE, "torch_flash", "peer", "PyTorch, flash"), 500,
                                             good))
    peers.add_rows(record, peers.rows_of(CASE, peers.describe(CASE, "torch_flex", "peer", "Flex"), 500,
                                         {"error": "no compiler"}))
    ended = subprocess.run([PROGRAM, "report", str(record)], capture_output=True, text=True, check=False)
    check(ended.returncode == 0, f"the report: {ended.stderr}")
    check("torch_flash" in ended.stdout and "no compiler" in ended.stdout, "the report says nothing of the peers")
    whole = json.loads(record.read_text(encoding="utf-8"))
    cases = [row["flashdeck"]["kernel"] for row in whole["benchmarks"] if "flashdeck" in row]
    check(cases == ["naive", "torch_flash", "torch_flex"], f"cases: {cases}")
    try:
        import jsonschema
    except ImportError:
        return
    schema = json.loads((SOURCE / "reports/record.schema.json").read_text(encoding="utf-8"))
    for error in jsonschema.Draft202012Validator(schema).iter_errors(whole):
        check(False, f"the schema: {error.json_path}: {error.message[:200]}")


def recorded(folder):
    """The record named "recorded" is the newest of reports/recorded/."""
    place = folder / "reports/recorded"
    place.mkdir(parents=True)
    here = dict(os.environ, FLASHDECK_DATA=str(folder))
    ended = subprocess.run([PROGRAM, "report", "recorded"], env=here, capture_output=True, text=True, check=False)
    check(ended.returncode == 2 and "no record of a real GPU" in ended.stderr, f"none: {ended.stderr}")
    whole = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    for name in ("2026-02-01-older.json", "2026-11-01-newer.json"):
        whole["context"]["flashdeck"]["machine"]["cpu_name"] = name
        (place / name).write_text(json.dumps(whole), encoding="utf-8")
    ended = subprocess.run([PROGRAM, "report", "recorded"], env=here, capture_output=True, text=True, check=False)
    check(ended.returncode == 0 and "2026-11-01-newer.json" in ended.stdout, f"recorded: {ended.stderr}")
    check("older" not in ended.stdout, "an older record")


def library():
    """Asking what a kernel supports needs no GPU: wrong offsets in the struct would be seen."""
    if not LIBRARY:
        print("without nvcc there is no library to ask")
        return
    ours = peers.open_library(LIBRARY)
    check("naive" in peers.kernels_of(ours), f"kernels: {peers.kernels_of(ours)}")
    problem = peers.problem_of(CASE, "f32")
    scratch = ours.flashdeck_workspace(b"naive", ctypes.byref(problem))
    check(scratch == 4 * 64 * 64 * 2 * 3, f"naive's scratch is {scratch}")
    check(ours.flashdeck_unsupported(b"naive", ctypes.byref(problem)) is None, "naive does not do f32")
    problem.head_dim = 33
    check(ours.flashdeck_unsupported(b"naive", ctypes.byref(problem)) == b"this is no valid problem", "head size 33")
    check(ours.flashdeck_unsupported(b"nothing", ctypes.byref(problem)) == b"there is no such kernel", "no kernel")


def absent(folder):
    if importlib.util.find_spec("torch"):
        return
    ended = subprocess.run([sys.executable, str(SOURCE / "scripts/peers_torch.py"), "--library", "x", "--record",
                            str(folder / "x")], capture_output=True, text=True, check=False)
    check(ended.returncode == 77 and "PyTorch is not installed" in ended.stdout, f"absent: {ended}")


with tempfile.TemporaryDirectory() as place:
    counts()
    rows(Path(place))
    recorded(Path(place))
    library()
    absent(Path(place))
print(f"{failures} failures")
sys.exit(1 if failures else 0)
