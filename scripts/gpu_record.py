#!/usr/bin/env python3
"""The end of gpu_check.sh: what its steps came to goes into the record, and the record onto the terminal as a table.

    gpu_record.py RECORD STEPS.tsv
"""
import json
import os
import sys
from pathlib import Path


def steps_of(path):
    names = ("step", "outcome", "seconds", "says")
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    return [dict(zip(names, line.split("\t"))) for line in lines if line]


def cases_of(record):
    return [row["flashdeck"] for row in record["benchmarks"] if "flashdeck" in row]


def print_steps(steps):
    print(f"\n{'step':18} {'outcome':26} {'s':>5}  last words")
    for step in steps:
        print(f"{step['step']:18} {step['outcome']:26} {step['seconds']:>5}  {step.get('says', '')[:90]}")


def outcome(case):
    if case["failed"]:
        return "ERROR: " + case["error"][:70]
    if not case["samples"]:
        return "rehearsed: right, never measured" if case["stop_reason"] == "rehearsal" else "not measured"
    seconds = case["seconds"]["median"]
    rate, roof = case["flops"] / seconds, case["roof_flops"]
    share = f"{100 * rate / roof:5.1f}" if roof else "    -"
    return f"{1e3 * seconds:10.4f} {rate * 1e-12:8.2f} {share}  {case['max_error']:.0e}"


def print_cases(cases):
    print(f"\n{'kernel':26} {'type':4} {'mask':17} {'N':>6} {'d':>4} {'heads':>5} {'batch':>5} {'ms':>10} "
          f"{'TFLOP/s':>8} {'roof%':>5}  error")
    order = sorted(cases, key=lambda c: (c["problem"]["len_kv"], c["problem"]["head_dim"], c["mask"],
                                         c["problem"]["batch"], c["seconds"]["median"]))
    for case in order:
        p = case["problem"]
        print(f"{case['kernel']:26} {p['dtype']:4} {case['mask']:17} {p['len_kv']:6} {p['head_dim']:4} {p['heads']:5} "
              f"{p['batch']:5} {outcome(case)}")


def print_stacks(rows):
    """ModernBERT's stack: medians of each way, and what alternation and packing make of them."""
    for row in rows:
        what = f"ModernBERT-{row['model']}, {row['lengths']}, {row['heads']} heads, {row['device']}"
        if row["kind"] == "rehearsed":
            print(f"{what}: rehearsed: every way right, never measured")
            continue
        times = ", ".join(f"{way['name']} {1e3 * way['seconds']['median']:.3f} ms (RoPE "
                          f"{1e3 * way['rope_seconds']['median']:.3f})" for way in row["ways"])
        padding = row["padding_alternating"]["median"]
        print(f"{what}: {times}; alternation x {row['alternation']['median']:.2f} (ceiling {row['ceiling']:.2f})"
              f"{f', packing x {padding:.2f}' if padding else ''}")


def print_baseline(cases):
    """naive_blas against PyTorch's math back end: within 0.9 to 1.1, or a reason is wanted."""
    times = {(c["kernel"], json.dumps(c["problem"], sort_keys=True), c["mask"]): c["seconds"]["median"]
             for c in cases if c["samples"]}
    for (kernel, problem, mask), seconds in times.items():
        theirs = times.get(("torch_math", problem, mask))
        if kernel == "naive_blas_beside_torch" and theirs:
            ratio = seconds / theirs
            print(f"naive_blas over PyTorch's math, {mask}, N {json.loads(problem)['len_kv']}: {ratio:.2f}"
                  f"{'' if 0.9 <= ratio <= 1.1 else '  ! outside 0.9 to 1.1'}")


def main():
    path, steps = Path(sys.argv[1]), steps_of(sys.argv[2])
    if not path.exists():
        print_steps(steps)
        print("\nthere is no record: nothing was measured")
        return 1
    record = json.loads(path.read_text(encoding="utf-8"))
    record["context"]["gpu_check"] = steps
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(record, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    os.replace(beside, path)
    print_cases(cases_of(record))
    print_baseline(cases_of(record))
    print_stacks(record.get("modernbert", []))
    print_steps(steps)
    own = record["context"]["flashdeck"]
    gpu = own["machine"].get("gpu")
    print(f"\n{gpu['name'] if gpu else 'no GPU'}{': a rehearsal, nothing was measured' if own.get('rehearsal') else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
