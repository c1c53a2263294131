#!/usr/bin/python3
"""A kernel that computes something wrong gets no time: OpenBLAS's product is replaced by one that is off by a little."""
import json

from help_cli import Folder, end, fail, wrong_product

CASES = ["-a", "N=100", "-a", "kernel=naive_blas,flash", "-a", "heads=2"]

with Folder() as at:
    right = at.done("verify", *CASES)
    if "2 passed, 0 wrong, 0 not run of 2 cases" not in right.stdout or "FAIL" in right.stdout:
        fail(right.stdout)
    listed = at.done("verify", *CASES, "--benchmark_list_tests").stdout.split()
    if len(listed) != 2 or not listed[0].startswith("naive_blas/cpu/f32/full/N:100/d:64"):
        fail(f"listed: {listed}")

    env = wrong_product(at)
    wrong = at.run("verify", *CASES, env=env)
    if wrong.returncode != 4 or "1 passed, 1 wrong" not in wrong.stdout or wrong.stdout.count("FAIL") != 1:
        fail(f"verify of a wrong kernel: {wrong.returncode}\n{wrong.stdout}{wrong.stderr}")
    quiet = at.run("verify", *CASES, "--quiet", env=env)
    if quiet.returncode != 4 or "FAIL" not in quiet.stdout:
        fail(f"a quiet verify hides what is wrong: {quiet.returncode}\n{quiet.stdout}")
    bench = at.run("bench", *CASES, "--benchmark_min_time=0.001", "--benchmark_repetitions=8",
                   "--benchmark_out=r.json", env=env)
    if bench.returncode != 4:
        fail(f"bench of a wrong kernel ended with {bench.returncode}")
    rows = json.loads((at.path / "r.json").read_text())["benchmarks"]
    failed = [row for row in rows if row.get("error_occurred")]
    if len(failed) != 1 or not failed[0]["name"].startswith("naive_blas") or failed[0].get("real_time"):
        fail(f"the record times a wrong kernel: {failed}")
    if not any(row["name"].startswith("flash") and row.get("real_time") for row in rows):
        fail("the right kernel was not timed")
end()
