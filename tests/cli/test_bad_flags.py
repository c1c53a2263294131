#!/usr/bin/python3
"""Words on the command line that mean nothing: refused with exit code 2, the nearest names, and nothing written."""
from help_cli import Folder, end, fail

with Folder() as at:
    at.refused("bnech", say=["bnech", "Did you mean bench"])
    at.refused("xyzzy", say=["xyzzy", "flashdeck help"])

    # Flags: of every command.
    for command in ("list", "devices", "bench", "verify", "attend", "report", "deck", "run"):
        at.refused(command, "--frobnicate", say=["there is no flag --frobnicate"])
        help_text = at.done(command, "--help").stdout
        if "usage: flashdeck " + command not in help_text or len(help_text) < 60:
            fail(f"{command} --help: {help_text}")
        for line in help_text.splitlines():
            if len(line) > 100:
                fail(f"{command} --help has a line of {len(line)} columns: {line}")
    at.refused("bench", "--presett=quick", say=["--presett", "Did you mean --preset"])
    at.refused("bench", "--seed", say=["--seed needs a value"], how_to_go_on=False)
    at.refused("bench", "--seed=many", say=["--seed: 'many'"], how_to_go_on=False)
    at.refused("bench", "--benchmark_min_time=-1", say=["--benchmark_min_time"], how_to_go_on=False)
    at.refused("bench", "--quiet=yes", say=["--quiet takes no value"], how_to_go_on=False)
    at.refused("verify", "--benchmark_out=r.json", say=["there is no flag --benchmark_out"])
    at.refused("bench", "--benchmark_out_format=csv", say=["csv", "JSON"])

    # Names.
    for command in ("bench", "verify"):
        at.refused(command, "-a", "kernel=flsh", say=["no kernel 'flsh'", "Did you mean flash"])
        at.refused(command, "-a", "kernels=flash", say=["kernels=flash", "Did you mean kernel"])
        at.refused(command, "--preset=quik", say=["no preset 'quik'", "Did you mean quick"])
        at.refused(command, "--preset=../../x", say=["no preset"])
        at.refused(command, "--preset=quick", "--benchmark_filter=nothing.like.it", say=["matches no case"])
        at.refused(command, "--preset=quick", "--benchmark_filter=(", say=["filter", "("])
    at.refused("list", "kernel", say=["no list 'kernel'", "Did you mean kernels"])
    at.refused("attend", "--kernel=flsh", "--q=q.npy", "--k=k.npy", "--v=v.npy", "--out=o.npy",
               say=["no kernel 'flsh'", "Did you mean flash"])

    # Axes: syntax and values.
    for axis, words in {
        "N=": "N=", "N": "NAME=VALUES", "=4": "NAME=VALUES", "N=12,": "N=12,", "N=[9:": "range", "N=[9:1]": "range",
        "N=[1:10:0]": "range", "N=2^[38:41]": "2^40", "N=99999999999999999999": "whole number", "N=-4": "whole number",
        "N=1.5": "commas", "N=[1:100000]": "64 values", "mask=cuasal": "mask", "mask=w_3": "mask", "kernel=": "empty",
        "kernel=" + "x" * 100: "too long",
    }.items():
        at.refused("bench", "-a", axis, "--benchmark_out=r.json", say=[words])

    # Problems that are none.
    at.refused("verify", "-a", "N=0", say=["len_q is 0", "len_kv is 0"], how_to_go_on=False)
    at.refused("verify", "-a", "d=0", say=["head_dim is 0"], how_to_go_on=False)
    at.refused("verify", "-a", "d=12", say=["head_dim is 12", "multiple of 8"])
    at.refused("verify", "-a", "d=512", say=["head_dim is 512", "256"])
    at.refused("verify", "-a", "heads=8", "-a", "kv_heads=3", say=["kv_heads 3 does not divide heads 8"])
    at.refused("verify", "-a", "kernel=sliding", "-a", "mask=full", say=["there is no window"], how_to_go_on=False)
    at.refused("verify", "-a", "threads=0", say=["threads is 0"], how_to_go_on=False)
    at.refused("verify", "-a", "batch=0", say=["batch is 0"], how_to_go_on=False)

    # A problem that does not fit: bytes needed and had, at once.
    for n in ("2^30", "2^34"):
        for command in ("verify", "bench"):
            at.refused(command, "-a", "N=" + n, "-a", "kernel=flash", "-a", "heads=1", "-a", "mask=causal_w255",
                       say=["does not fit in memory: needs ", " GB are left"], timeout=600)
    at.refused("verify", "-a", "N=2^40", "-a", "heads=1024", "-a", "batch=1024", say=["63 bits"])
    at.refused("bench", "-a", "N=2^20", "-a", "kernel=naive", "-a", "heads=1", "--benchmark_out=r.json",
               say=["naive", "does not fit in memory: needs ", " GB are left"])
end()
