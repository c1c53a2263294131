#!/usr/bin/python3
"""Nothing can be written: a full disk, a folder below a file. The reason is told and no half file stays."""
import os
import pathlib
import subprocess

from help_cli import SOURCE, Folder, end, fail, look, skip

MEASURE = ["bench", "-a", "N=64", "-a", "kernel=flash", "-a", "heads=1", "--benchmark_min_time=0.001",
           "--benchmark_repetitions=8", "--quiet"]
DECK = "---\ntitle: Full\n---\n# A claim of five words\n"

with Folder() as at:
    at.write("file", "x")
    at.write("deck.md", DECK)
    at.done(*MEASURE, "--benchmark_out=good.json")
    for arguments in (
        [*MEASURE, "--benchmark_out=file/r.json"],
        [*MEASURE, "--benchmark_out=nowhere/r.json"],
        [*MEASURE, "--benchmark_out=."],
        ["report", "good.json", "--markdown=file/x.md"],
        ["report", "good.json", "--html=file/x.html"],
        ["deck", "deck.md", "--out=file"],
        ["deck", "deck.md", "--out=file/below"],
        ["deck", "deck.md", "--pdf=file/x.pdf"],
        ["run", "--out=file"],
        ["run", "--out=file/below"],
    ):
        at.refused(*arguments, say=[arguments[-1].split("=")[1].split("/")[0]])
    if pathlib.Path("/dev/full").exists():
        at.refused("report", "good.json", "--markdown=/dev/full", say=["/dev/full", "No space left"])
        at.refused("deck", "deck.md", "--pdf=/dev/full", say=["/dev/full", "No space left"])
        if not pathlib.Path("/dev/full").is_char_device():
            fail("/dev/full was replaced by a file")

    # A disk of 32 KiB, where one may be mounted.
    small = at.path / "small"
    small.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", small],
                                           capture_output=True).returncode != 0:
        print("no small disk can be mounted here: that part is left out")
        end()
    try:
        (small / "kept").write_bytes(b"k" * 32768)
        before = look(small)
        for arguments in (
            [*MEASURE, "--benchmark_out=small/r.json"],
            ["report", "good.json", "--html=small/x.html"],
            ["deck", "deck.md", "--pdf=small/x.pdf"],
            ["deck", "deck.md", "--out=small/deck"],
        ):
            result = at.run(*arguments)
            if result.returncode != 2 or "No space left" not in result.stderr or "small" not in result.stderr:
                fail(f"{arguments}: {result.returncode} {result.stderr}")
            files = {name: what for name, what in look(small).items() if what != "folder"}
            if files != before:
                fail(f"{arguments} left {sorted(files)} on a full disk")
    finally:
        subprocess.run(["umount", small], check=False)
end()
