#!/usr/bin/python3
"""Two records on the command line: exit codes, the table, Markdown and HTML, and what cannot be compared. Times are
never judged as they came: the second record is the first with changes planted."""
import copy
import json

from help_cli import Folder, end, fail

MEASURE = ["bench", "-a", "N=64,96", "-a", "kernel=flash,naive", "-a", "heads=2", "--benchmark_min_time=0.001",
           "--benchmark_repetitions=8", "--quiet", "--benchmark_out=old.json"]
SPARSE = ["reproduce", "block-sparse", "-n", "128", "--heads=1", "--rounds=8", "-o", "old.json"]


def rows(record):
    return [row["flashdeck"] for row in record["benchmarks"] if "flashdeck" in row]


def scaled(value, factor):
    if isinstance(value, dict):
        return {name: number if name == "level" else scaled(number, factor) for name, number in value.items()}
    if isinstance(value, list):
        return [scaled(number, factor) for number in value]
    return value * factor


def slower(record, key, factor):
    own = next(row for row in rows(record) if row["key"].startswith(key))
    for name in ("samples", "cpu_samples", "seconds"):
        own[name] = scaled(own[name], factor)
    return own["key"]


def calm(record):
    """Samples that differ by little, so that a busy machine plants nothing of its own. By order statistics of 8 the
    99 % interval is the extremes."""
    for own in rows(record):
        middle = sorted(own["samples"])[4]
        own["samples"] = [middle * (1 + 0.0002 * at) for at in range(8)]
        own["seconds"].update(median=(own["samples"][3] + own["samples"][4]) / 2, low=own["samples"][0],
                              high=own["samples"][7])
    for row in record["efficiency"]:
        for name in ("samples", "dense_samples", "processor_samples", "dense_processor_samples"):
            row[name] = [row[name][0] * (1 + 0.0002 * at) for at in range(8)]
        for ratio, over, under in (("wall_ratio", "samples", "dense_samples"),
                                   ("processor_ratio", "processor_samples", "dense_processor_samples")):
            due = row[over][0] / (row[under][0] * row["density"])
            row[ratio].update(median=due, low=due, high=due)


def expect(result, code, words=(), absent=()):
    called = result.args[1:] if isinstance(result.args, list) else result.args
    if result.returncode != code:
        fail(f"{called} ended with {result.returncode}, not {code}: {result.stdout}{result.stderr}")
    for word in words:
        if word not in result.stdout:
            fail(f"{called} does not say '{word}':\n{result.stdout}")
    for word in absent:
        if word in result.stdout:
            fail(f"{called} says '{word}':\n{result.stdout}")


with Folder() as at:
    at.done(*MEASURE)
    at.done(*SPARSE)
    old = json.loads((at.path / "old.json").read_text())
    calm(old)
    old["context"]["flashdeck"]["machine"]["sources"] = "0123456789abcdef"
    at.write("old.json", json.dumps(old))

    def new(name, act):
        record = copy.deepcopy(old)
        record["context"]["flashdeck"]["machine"]["sources"] = "fedcba9876543210"
        kept = act(record)
        at.write(name, json.dumps(record))
        return kept

    new("same.json", lambda record: None)
    expect(at.run("compare", "old.json", "same.json"), 0, ["kernels: 4 compared, 4 the same", "no regression"],
           ["SLOWER", "verdict"])
    expect(at.run("compare", "old.json", "same.json", "--strict"), 0)
    expect(at.run("compare", "old.json", "same.json", "--all"), 0, ["flash.cpu.f32.full.n64", "1.000 [0.999, 1.001]"])

    key = new("slow.json", lambda record: slower(record, "flash.cpu.f32.full.n64", 1.5))
    expect(at.run("compare", "old.json", "slow.json"), 1, [key, "1.500 [1.499, 1.501] 99", "SLOWER", "1 SLOWER"])
    expect(at.run("compare", "slow.json", "old.json"), 0, ["faster", "no regression"])
    expect(at.run("compare", "old.json", "slow.json", "--margin=60"), 0, ["no regression"])
    expect(at.run("compare", "old.json", "slow.json", "--again=slow.json"), 0, ["differs from itself by up to 50"])
    expect(at.run("compare", "old.json", "slow.json", "--untimed"), 0, ["no regression"], ["SLOWER"])
    quiet = at.run("compare", "old.json", "slow.json", "--quiet")
    expect(quiet, 1)
    if quiet.stdout or quiet.stderr:
        fail(f"--quiet says {quiet.stdout}{quiet.stderr}")

    # A reason that many rows share is told once.
    def few(record):
        for own in rows(record):
            for name in ("samples", "cpu_samples", "iterations"):
                own[name] = own[name][:5]
            own["seconds"].update(median=own["samples"][2], low=own["samples"][0], high=own["samples"][4], level=0.9375)

    new("few.json", few)
    result = at.run("compare", "old.json", "few.json")
    expect(result, 0, ["! 4 of these: fewer than 6 samples on a side", "4 inconclusive"])
    if result.stdout.count("fewer than 6") != 1:
        fail(f"the reason is told again and again:\n{result.stdout}")

    # What is written for people says the same, and a regression does not keep it from being written.
    expect(at.run("compare", "old.json", "slow.json", "--markdown=new.md", "--html=new.html", "--quiet"), 1)
    markdown = (at.path / "new.md").read_text()
    page = (at.path / "new.html").read_text()
    for text in (markdown, page):
        for word in ("1 SLOWER", key, "Regressions", "1.499 to 1.501", "All of block-sparse efficiency"):
            if word not in text:
                fail(f"the report does not say '{word}'")
    if "<script" in page or not page.rstrip().endswith("</html>"):
        fail("the page is not whole, or has a script")
    table = [line for line in markdown.splitlines() if line.startswith("|")]
    if len(table) < 20 or any(line.count("|") not in (3, 11) for line in table):
        fail(f"a table of the report is uneven: {[line for line in table if line.count('|') not in (3, 11)]}")

    def lose(record):
        gone = rows(record)[0]["key"]
        name = rows(record)[0]["name"]
        record["benchmarks"] = [row for row in record["benchmarks"] if row["run_name"] != name]
        return gone

    key = new("missing.json", lose)
    expect(at.run("compare", "old.json", "missing.json"), 0, [f"{key}  only in the old record", "1 row is missing"])
    expect(at.run("compare", "missing.json", "old.json"), 0, [f"{key}  only in the new record"])
    expect(at.run("compare", "old.json", "missing.json", "--strict"), 5)

    def go_wrong(record):
        own = next(row for row in rows(record) if row["key"].startswith("naive"))
        kept = [row for row in record["benchmarks"] if row["run_name"] != own["name"] or row.get("flashdeck")]
        record["benchmarks"] = kept
        own.update(failed=True, error="row 7 is off", samples=[], cpu_samples=[], iterations=[], stages=[],
                   stop_reason=None, spread=None, seconds={"median": None, "low": None, "high": None, "level": 0},
                   max_error=1.0)

    new("wrong.json", go_wrong)
    expect(at.run("compare", "old.json", "wrong.json"), 4, ["WRONG", "! row 7 is off"])

    def price(record):
        for row in record["efficiency"]:
            for name in ("samples", "processor_samples", "wall_ratio", "processor_ratio"):
                row[name] = scaled(row[name], 3)

    new("dear.json", price)
    expect(at.run("compare", "old.json", "dear.json"), 1, ["block-sparse efficiency", "DEARER", "price, wall", "3.000 [2.99"])

    # What cannot be compared.
    def elsewhere(record):
        record["context"]["flashdeck"]["machine"]["cpu_name"] = "Another CPU"
        record["context"]["flashdeck"]["machine"]["num_cpus"] += 1

    new("elsewhere.json", elsewhere)
    at.refused("compare", "old.json", "elsewhere.json", code=3,
               say=["another processor: Another CPU", "number of processors", "--untimed", "elsewhere.json"])
    expect(at.run("compare", "old.json", "elsewhere.json", "--untimed"), 0)

    def later(record):
        record["context"]["flashdeck"]["schema"] = 2

    new("later.json", later)
    at.refused("compare", "old.json", "later.json", say=["later.json", "schema 2 is not one that this program reads"])

    def only_first(record):
        record["efficiency"] = []
        record["benchmarks"] = [row for row in record["benchmarks"] if row["run_name"] == rows(record)[0]["name"]]

    def only_last(record):
        record["efficiency"] = []
        record["benchmarks"] = [row for row in record["benchmarks"] if row["run_name"] == rows(record)[-1]["name"]]

    new("first.json", only_first)
    new("last.json", only_last)
    at.refused("compare", "first.json", "last.json", say=["last.json", "no row of it is in first.json"])
    at.refused("compare", "old.json", say=["1 records are named"])
    at.refused("compare", "old.json", "old.json", "old.json", say=["3 records are named"])
    at.refused("compare", "old.json", "absent.json", say=["absent.json"], how_to_go_on=False)
    at.refused("compare", "old.json", "same.json", "--margin=0", say=["--margin"], how_to_go_on=False)
    at.refused("compare", "old.json", "same.json", "--html=nowhere/page.html", say=["nowhere"])

    def other_inputs(record):
        record["efficiency"] = []
        for own in rows(record):
            own["fill"] = "zeros"

    new("zeros.json", other_inputs)
    at.refused("compare", "old.json", "zeros.json", code=3, say=["zeros.json", "no row can be compared", "other inputs"])
    expect(at.run("compare", "old.json", "same.json", "--untimed", "--strict"), 0, ["nothing but results was compared"])
    expect(at.run("compare", "old.json", "old.json", "--strict"), 0, ["the same measurement", "the same code"])
    expect(at.run("compare", "--help"), 0, ["OLD NEW", "--again"])
end()
