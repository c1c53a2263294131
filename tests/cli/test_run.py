#!/usr/bin/python3
"""The main job, small: measure, report, carousel; what is measured again and what is not; steps that fail."""
import json

from help_cli import SOURCE, Folder, end, fail, look

COUNTED = "description: Bytes at a small shape.\ngroups:\n  - axes: [\"N=64\", \"d=32\", \"heads=1\"]\n"
PRESET = """description: Two cases for a test.
groups:
  - axes: ["kernel=naive_blas,flash", "mask=causal", "N=128", "d=64", "heads=2", "threads=1"]
tradeoff: {length: 512, models: 1, documents: 2, steps: 4, rounds: 1, judged: 1}
"""
DECK = """---
title: A test
---
# Flash took {{ flash.n128.time | us }}

---
# Two kernels side by side were measured
"""

with Folder() as at:
    data = at.path / "data"
    (data / "harness/presets").mkdir(parents=True)
    (data / "harness/presets/tiny.yml").write_text(PRESET)
    (data / "harness/presets/tiny2.yml").write_text(PRESET)
    (data / "harness/presets/figure2.yml").write_text(COUNTED)
    for room in ("slides", "reports"):
        (data / room).symlink_to(SOURCE / room)
    env = {"FLASHDECK_DATA": str(data)}
    at.write("deck.md", DECK)
    out = at.path / "out"
    run = ["run", "--preset=tiny", "--deck=deck.md"]
    record = lambda: (out / "record.json").read_bytes()

    # What is wrong with the flags is told before anything is measured or made.
    for flag in ("--theme=papr", "--size=5:5", "--brand=gone.yml", "--deck=gone.md", "--preset=tinny"):
        at.refused(*run, flag, env=env)
    at.write("broken.md", DECK + "```chart\n")
    at.refused(*run, "--deck=broken.md", env=env, say=["broken.md:8:", "never closed"])

    first = at.done(*run, env=env)
    files = {name for name, what in look(out).items() if what != "folder"}
    if files != {"record.json", "gate.safetensors", "report.html", "report.md", "deck.pdf", "slides/slide-01.png", "slides/slide-02.png"}:
        fail(f"run made {sorted(files)}")
    for words in ("times as fast", "128 tokens", "deck.pdf", "record.json", "--theme", "--brand"):
        if words not in first.stdout:
            fail(f"the end does not say '{words}': {first.stdout}")

    # The trade-off is in the same record, by a gate that was trained here.
    (row,) = json.loads(record())["tradeoffs"]
    if row["problem"]["len_kv"] != 512 or row["gate_steps"] != 4 or not row["gate"]:
        fail(f"the trade-off is not as the preset says: {row}")
    if "What sparse attention costs and keeps" not in (out / "report.md").read_text():
        fail("the report lacks the trade-off")

    # Another look: the same record, another PDF, and it is said.
    kept, pdf = record(), (out / "deck.pdf").read_bytes()
    again = at.done(*run, "--theme=paper", env=env)
    date = json.loads(kept)["context"]["date"]
    if record() != kept or (out / "deck.pdf").read_bytes() == pdf:
        fail("another theme should draw anew and not measure anew")
    if f"of {date} is used again (--measure" not in again.stdout:
        fail(f"the use of an old record is not told: {again.stdout}")

    # What is not this machine's, preset's or version's, or cannot be read: measured anew, with the reason.
    def stale(act):
        changed = json.loads(kept)
        act(changed["context"]["flashdeck"])
        return json.dumps(changed)

    def put(name, value):
        def act(own):
            own["machine"][name] = value
        return act

    for content, words in [
        (stale(put("sources", "0123456789abcdef")), "is of another version of the kernels: measuring anew"),
        (stale(put("cpu_name", "Z80")), "is of another machine: measuring anew"),
        ("{", "cannot be read: measuring anew"),
    ]:
        at.write("out/record.json", content)
        said = at.done(*run, env=env).stdout
        if words not in said or json.loads(record())["benchmarks"][0]["flashdeck"] is None:
            fail(f"'{words}' is not told: {said}")
        if record() == content.encode():
            fail(f"'{words}': the old record is still there")
    said = at.done("run", "--preset=tiny2", "--deck=deck.md", env=env).stdout
    if "is of another preset: measuring anew" not in said:
        fail(f"another preset: {said}")
    kept = record()
    said = at.done("run", "--preset=tiny2", "--deck=deck.md", "--measure", env=env).stdout
    if "used again" in said or record() == kept:
        fail("--measure does not measure")

    # An incomplete record is finished.
    half = json.loads(record())
    half["context"]["flashdeck"]["incomplete"] = True
    half["benchmarks"] = [row for row in half["benchmarks"] if row["name"].startswith("naive_blas")]
    at.write("out/record.json", json.dumps(half))
    said = at.done("run", "--preset=tiny2", "--deck=deck.md", env=env).stdout
    rows = json.loads(record())["benchmarks"]
    if "going on with it" not in said or not any(row["name"].startswith("flash") for row in rows):
        fail(f"an incomplete record: {said}")

    # A part that is lacking is measured, by the gate that is there; one that is no gate is trained anew.
    for gate in (None, b"no gate"):
        lacking = json.loads(record())
        hash_before = lacking.pop("tradeoffs")[0]["gate"]
        at.write("out/record.json", json.dumps(lacking))
        if gate:
            (out / "gate.safetensors").write_bytes(gate)
        at.done("run", "--preset=tiny2", "--deck=deck.md", env=env)
        after = json.loads(record())
        if after["tradeoffs"][0]["gate"] != hash_before or after["benchmarks"] != lacking["benchmarks"]:
            fail("a lacking part should be measured, and nothing else touched")

    # A step that fails is named, and what was done before stays.
    at.write("deck.md", DECK.replace("flash.n128", "flash.n256"))
    pdf = (out / "deck.pdf").read_bytes()
    at.refused("run", "--preset=tiny2", "--deck=deck.md", env=env,
               say=["deck.md:4:", "flash.n256.time", "the carousel failed", "does not measure again"])
    if (out / "deck.pdf").read_bytes() != pdf:
        fail("a failed carousel replaced the old one")
end()
