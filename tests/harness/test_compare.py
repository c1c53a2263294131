#!/usr/bin/python3
"""Google Benchmark's own compare.py reads two of our records and says what changed."""
import json
import os
import re
import subprocess
import sys
import tempfile

SKIPPED = 77


def tool():
    try:
        listing = subprocess.run(["dpkg", "-L", "libbenchmark-tools"], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    paths = [line for line in listing.stdout.splitlines() if line.endswith("/compare.py")]
    return paths[0] if paths and os.path.exists(paths[0]) else None


def bench(path):
    """Two small cases, and one that fails: a matrix of 2^48 scores fits nowhere."""
    command = [os.environ["FLASHDECK"], "bench", "-a", "kernel=flash,naive", "-a", "N=64,16777216", "-a", "d=64",
               "-a", "heads=1", "--benchmark_filter=N:64/|naive", "--threads=1", "--benchmark_repetitions=9",
               "--benchmark_min_time=0.002", "--quiet", f"--benchmark_out={path}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 6, (done.returncode, done.stderr)
    with open(path) as file:
        errors = [row for row in json.load(file)["benchmarks"] if row.get("error_occurred")]
    assert len(errors) == 1 and "does not fit in memory" in errors[0]["error_message"], errors


def slower(path, to, factor):
    """The same record with every time of flash multiplied."""
    with open(path) as file:
        record = json.load(file)
    for row in record["benchmarks"]:
        if row["name"].startswith("flash") and not row["name"].endswith("_cv"):
            row["real_time"] *= factor
            row["cpu_time"] *= factor
    with open(to, "w") as file:
        json.dump(record, file)


def compare(script, old, new):
    done = subprocess.run([sys.executable, script, "--no-color", "benchmarks", old, new], capture_output=True,
                          text=True)
    if "ModuleNotFoundError" in done.stderr:
        print("skipped:", done.stderr.strip().splitlines()[-1])
        sys.exit(SKIPPED)
    assert done.returncode == 0, done.stderr
    return done.stdout


def median_change(output, kernel):
    line = re.search(rf"^{kernel}/cpu/f32/full/N:64/.*_median +([+-][0-9.]+)", output, re.M)
    assert line, output
    return float(line.group(1))


def main():
    script = tool()
    if not script:
        print("skipped: libbenchmark-tools is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        old, again, new = (os.path.join(folder, name) for name in ("old.json", "again.json", "new.json"))
        bench(old)
        bench(again)
        slower(old, new, 3)
        output = compare(script, old, again)
        assert "U Test, Repetitions: 9 vs 9" in output, output
        for name in ("_pvalue", "_mean", "_median", "_stddev", "_cv"):
            assert f"threads:1{name}" in output, output
        median_change(output, "flash")
        output = compare(script, old, new)
        assert abs(median_change(output, "flash") - 2.0) < 0.001, output  # three times the time is two more of it
        assert abs(median_change(output, "naive")) < 0.001, output
    return 0


if __name__ == "__main__":
    sys.exit(main())
