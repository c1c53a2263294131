#!/usr/bin/python3
"""What list names can be used, and devices describes this machine in words and in JSON."""
import json
import re

from help_cli import SOURCE, Folder, end, fail


def names(text):
    return re.findall(r"^  (\S+)  ", text, re.M)


with Folder() as at:
    overview = at.done("list").stdout
    kernels = names(at.done("list", "kernels").stdout)
    if kernels != ["naive", "naive_blas", "sliding", "alternating", "block_sparse", "learned_sparse", "flash"]:
        fail(f"kernels: {kernels}")
    presets = {path.stem for path in (SOURCE / "harness/presets").glob("*.yml")}
    if set(names(at.done("list", "presets").stdout)) != presets:
        fail("presets are not all listed")
    for kind in ("themes", "canvases", "types", "brands"):
        files = {path.stem for path in (SOURCE / "slides" / kind).glob("*.yml")}
        if set(names(at.done("list", kind).stdout)) != files:
            fail(f"{kind} are not all listed")
        if any(not re.search(rf"\b{re.escape(name)}\b", overview) for name in files):
            fail(f"the overview lacks some of the {kind}")
    for count, name in re.findall(r"^  (\S+) +(\d+) cases", at.done("list", "presets").stdout, re.M):
        tests = at.done("bench", f"--preset={count}", "--benchmark_list_tests").stdout.split()
        if len(tests) != int(name):
            fail(f"preset {count}: {name} cases listed, {len(tests)} planned")
    values = {"kernel": "flash", "mask": "w64_64", "d": "8", "threads": "1", "kv_heads": "4", "dtype": "f32"}
    axes = names(at.done("list", "axes").stdout)
    if len(axes) != 12:
        fail(f"axes: {axes}")
    for axis in axes:
        at.done("verify", "-a", f"{axis}={values.get(axis, 8)}", "--benchmark_list_tests")
    for text in (overview, *(at.done("list", kind).stdout for kind in ("kernels", "metrics", "layouts", "axes"))):
        for line in text.splitlines():
            if len(line) > 82:
                fail(f"a line of {len(line)} columns: {line}")

    facts = json.loads(at.done("devices", "--json").stdout)
    for roof in ("fma_peak", "copy"):
        if not facts[roof]["one_thread"] > 0 or not facts[roof]["all_threads"] > 0 or not facts[roof]["how"]:
            fail(f"{roof}: {facts[roof]}")
    if facts["num_cpus"] < 1 or not facts["cpu"] or facts["memory"] < facts["memory_available"]:
        fail(f"devices: {facts}")
    if "fma_peak" in json.loads(at.done("devices", "--json", "--no-roofs").stdout):
        fail("--no-roofs measures all the same")
    words = at.done("devices").stdout
    if facts["cpu"] not in words or "GPU" not in words or "Measured roofs" not in words:
        fail(words)
end()
