#!/usr/bin/python3
"""Records that are broken, empty, huge, binary or full of NaN: refused by every command that reads one."""
import copy
import json
import random

from help_cli import Folder, end, fail

MEASURE = ["bench", "-a", "N=64,96", "-a", "kernel=flash,naive", "-a", "heads=2", "--benchmark_min_time=0.001",
           "--benchmark_repetitions=8", "--quiet", "--benchmark_out=good.json"]


def own(record):
    return record["benchmarks"][0]["flashdeck"]


def change(record, act):
    changed = copy.deepcopy(record)
    act(changed)
    return json.dumps(changed)


def put(find, name, value):
    """Sets a field of what `find` finds in the record."""
    def act(record):
        find(record)[name] = value
    return act


def take(find, name):
    def act(record):
        del find(record)[name]
    return act


with Folder() as at:
    at.done(*MEASURE)
    at.done("report", "good.json", "--markdown=report.md")
    text = (at.path / "good.json").read_text()
    good = json.loads(text)
    context = lambda record: record["context"]
    head = lambda record: record["context"]["flashdeck"]
    problem = lambda record: own(record)["problem"]

    bad = {
        "empty": ("", []),
        "spaces": ("  \n ", []),
        "half": (text[:len(text) // 2], []),
        "no end": (text.rstrip()[:-1], []),
        "brace": ("{", []),
        "null": ("null", []),
        "array": ("[]", ["object"]),
        "nothing": ("{}", ["context"]),
        "binary": (bytes(range(256)) * 64, []),
        "zeros": (b"\0" * 4096, []),
        "latin": (text.replace("flash", "fl\xe4sh", 1).encode("latin-1"), []),
        "deep": ("[" * 200000, []),
        "NaN": (text.replace('"mhz_per_cpu": ', '"mhz_per_cpu": NaN, "x": ', 1), ["bad.json:"]),
        "1e999": (text.replace('"mhz_per_cpu": ', '"mhz_per_cpu": 1e999, "x": ', 1), ["bad.json:"]),
        "behind": (text + "{}", ["bad.json:"]),
        "no context": (change(good, take(lambda r: r, "context")), ["context"]),
        "no benchmarks": (change(good, take(lambda r: r, "benchmarks")), ["benchmarks"]),
        "benchmarks is a word": (change(good, put(lambda r: r, "benchmarks", "x")), ["benchmarks"]),
        "rows are numbers": (change(good, put(lambda r: r, "benchmarks", [1, 2])), ["benchmarks"]),
        "Google's own": (change(good, take(context, "flashdeck")), ["not written by flashdeck"]),
        "another schema": (change(good, put(head, "schema", 99)), ["schema 99"]),
        "no date": (change(good, take(context, "date")), ["date"]),
        "date is a number": (change(good, put(context, "date", 7)), ["date"]),
        "null samples": (change(good, put(own, "samples", [None] * 8)), ["samples", "benchmarks[0]"]),
        "negative samples": (change(good, put(own, "samples", [-1.0] * 8)), ["samples"]),
        "words for samples": (change(good, put(own, "samples", ["fast"] * 8)), ["samples"]),
        "fewer samples": (change(good, put(own, "samples", [1.0])), ["differ in length"]),
        "no samples": (change(good, put(own, "samples", [])), []),
        "head_dim 0": (change(good, put(problem, "head_dim", 0)), ["head_dim is 0"]),
        "N 0": (change(good, put(problem, "len_kv", 0)), ["len_kv is 0"]),
        "N negative": (change(good, put(problem, "len_q", -5)), ["len_q is -5"]),
        "N huge": (change(good, put(problem, "len_kv", 2**62)), []),
        "kv_heads": (change(good, put(problem, "kv_heads", 3)), ["does not divide"]),
        "dtype": (change(good, put(problem, "dtype", "f8")), ["dtype"]),
        "threads": (change(good, put(own, "threads", 0)), ["threads"]),
        "no problem": (change(good, take(own, "problem")), ["problem"]),
        "stages": (change(good, put(own, "stages", [{}] * 3)), ["stages"]),
        "too many stages": (change(good, put(own, "stages", [{"name": "x"}] * 1000)), ["stages"]),
    }
    for name, (content, words) in bad.items():
        at.write("bad.json", content)
        for command in (["report", "bad.json", "--markdown=x.md", "--html=x.html"],
                        ["deck", "explain", "--record=bad.json"], ["deck", "--record=bad.json", "--out=slides"],
                        ["bench", "--resume=bad.json"]):
            result = at.refused(*command, say=["bad.json", *words])
            if "bad.json" not in result.stderr:
                fail(f"{name}: the record is not named")

    # The same case twice.
    twice = copy.deepcopy(good)
    twice["benchmarks"] += copy.deepcopy(good["benchmarks"])
    at.write("bad.json", json.dumps(twice))
    at.refused("report", "bad.json", "--markdown=x.md", say=["stands twice"])

    # Not a file at all.
    at.refused("report", "missing.json", "--markdown=x.md", say=["missing.json", "No such file"])
    at.refused("report", ".", "--markdown=x.md", say=["folder"])
    at.refused("report", "--markdown=x.md", say=["no record"])
    at.refused("report", "good.json", "--markdown=good.json/x.md", say=["good.json/x.md"])

    # Flipped bytes: read or refused, never a crash; the seed is fixed.
    draw = random.Random(11)
    raw = text.encode()
    for _ in range(60):
        broken = bytearray(raw)
        for _ in range(draw.choice((1, 1, 3, 20))):
            broken[draw.randrange(len(broken))] = draw.randrange(256)
        at.write("bad.json", bytes(broken))
        code = at.run("report", "bad.json", "--markdown=flipped.md").returncode
        if code not in (0, 2):
            fail(f"a record with flipped bytes ended with {code}")

with Folder() as at:
    # More bytes than a record can have: told at once, from a file that takes no space on the disk.
    with open(at.path / "huge.json", "wb") as huge:
        huge.truncate(300 << 20)
    result = at.run("report", "huge.json", "--markdown=x.md")
    if result.returncode != 2 or "huge.json" not in result.stderr or (at.path / "x.md").exists():
        fail(f"a huge record: {result.returncode} {result.stderr}")
end()
