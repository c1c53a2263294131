#!/usr/bin/python3
"""Decks with faults: file, line, what and how to go on; all at once; and not a byte is written."""
import os
import pathlib
import shutil
import stat

from help_cli import SOURCE, Folder, end, fail

FRONT = "---\ntitle: A deck\n---\n"
CLAIM = "# A claim of five words\n"
MEASURE = ["bench", "-a", "N=64,128", "-a", "kernel=flash,naive", "-a", "heads=2", "--benchmark_min_time=0.001",
           "--benchmark_repetitions=8", "--quiet", "--benchmark_out=r.json"]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082")
CHART = "## Flash beside naive, at 128 tokens\n```chart\nkind: {kind}\n{rows}\n```\n"
ROWS = "rows:\n  - {name: flash, value: 'flash.n128.time | us 1sig'}\n  - {name: naive, value: 'naive.n128.time | us 1sig'}"

with Folder() as at:
    at.done(*MEASURE)
    at.write("good.png", PNG)
    at.write("empty.png", b"")
    at.write("text.png", "no picture at all")
    at.write("half.png", PNG[:40])
    at.write("empty.svg", b"")
    at.write("broken.svg", "<svg><g>")

    at.write("good.md", FRONT + CLAIM)
    at.done("deck", "check", "good.md")

    decks = {
        # source: words that must be told
        "": ["deck.md", "empty"],
        "\n\n": ["deck.md"],
        "\xff\xfe\x00": ["deck.md"],
        "---\ntitle: A deck\n" + CLAIM: ["deck.md:1:", "front matter is never closed"],
        "---\ntitel: A deck\n---\n" + CLAIM: ["deck.md:2:", "titel", "title"],
        "---\ntitle: [\n---\n" + CLAIM: ["deck.md:"],
        "---\ntitle: A deck\ntheme: inc\n---\n" + CLAIM: ["no theme 'inc'", "ink"],
        "---\ntitle: A deck\nsize: linkdin\n---\n" + CLAIM: ["linkdin", "linkedin"],
        "---\ntitle: A deck\nbrand: nobody.yml\n---\n" + CLAIM: ["nobody.yml"],
        FRONT + CLAIM + "```chart\nkind: bar\n": ["deck.md:5:", "fence is never closed"],
        FRONT + CLAIM + "<!-- a note\n": ["deck.md:5:", "comment is never closed"],
        FRONT + "<!-- _class: hok -->\n" + CLAIM: ["deck.md:4:", "no layout 'hok'", "hook"],
        FRONT + "<!-- theme: papr -->\n" + CLAIM: ["papr", "paper"],
        FRONT + CLAIM + "\n---\n\n---\n" + CLAIM: ["slide 2 is empty"],
        FRONT + CLAIM + "![a picture](missing.png)\n": ["deck.md:5:", "missing.png"],
        FRONT + CLAIM + "![a picture](empty.png)\n": ["deck.md:5:", "empty.png"],
        FRONT + CLAIM + "![a picture](text.png)\n": ["deck.md:5:", "text.png"],
        FRONT + CLAIM + "![a picture](half.png)\n": ["deck.md:5:", "half.png"],
        FRONT + CLAIM + "![a picture](empty.svg)\n": ["deck.md:5:", "empty.svg"],
        FRONT + CLAIM + "![a picture](broken.svg)\n": ["deck.md:5:", "broken.svg"],
        FRONT + "# Old \U00013000 signs in a claim\n": ["deck.md:4:", "no glyphs for"],
        FRONT + "# It took {{ flash.n128.time | us 1sig\n": ["deck.md:4:"],
        FRONT + "# It took {{ }} in all\n": ["deck.md:4:"],
        FRONT + "# It took {{ flsh.n128.time | us 1sig }}\n": ["deck.md:4:", "flsh.n128.time", "flash."],
        FRONT + "# It took {{ flash.n999.time | us 1sig }}\n": ["deck.md:4:", "no record holds", "flashdeck bench"],
        FRONT + "# It took {{ flash.time | us 1sig }}\n": ["deck.md:4:", "several results match"],
        FRONT + "# It took {{ flash.n128.tme | us 1sig }}\n": ["deck.md:4:", "time"],
        FRONT + "# It took {{ flash.n128.time | KB 1 }}\n": ["deck.md:4:", "KB"],
        FRONT + "# It took {{ flash.n128.time | furlong }}\n": ["deck.md:4:", "furlong"],
        FRONT + "# It took {{ flash.n128.time / machine.memory | x 1 }}\n": ["deck.md:4:"],
        FRONT + "# It took {{ published.nobody.context | k }}\n": ["deck.md:4:", "published.nobody.context"],
        FRONT + "# It took {{ flash.n128.time / 0 | us 1 }}\n": ["deck.md:4:"],
        FRONT + "# It took {{ flash.n64.time | us 9 }} by {{ nothing.n1.time | us }}\n": ["nothing.n1.time", "more digits than its interval"],
        FRONT + CHART.format(kind="pie", rows=ROWS): ["deck.md:", "pie"],
        FRONT + CHART.format(kind="bar", rows="rows: 3"): ["deck.md:"],
        FRONT + CHART.format(kind="bar", rows=ROWS + "\nfrobnicate: 1"): ["deck.md:", "frobnicate"],
        FRONT + CHART.format(kind="bar", rows=ROWS.replace("flash.n128", "flash.n1")): ["deck.md:", "flash.n1.time"],
        FRONT + "## A figure\n```figure\nkind: nonsense\nalt: words\n```\n": ["deck.md:", "nonsense"],
        FRONT + "# " + "Far too many words for a single claim on one slide. " * 80 + "\n": ["deck.md:4:"],
    }
    for source, words in decks.items():
        at.write("deck.md", source.encode("latin-1") if source.startswith("\xff") else source)
        for arguments in (["deck", "deck.md", "--record=r.json", "--out=slides"],
                          ["deck", "check", "deck.md", "--record=r.json"]):
            at.refused(*arguments, say=words)

    # All faults at once, in the order of the file.
    at.write("deck.md", FRONT + "# It took {{ flsh.n128.time | us 1sig }}\n\n---\n" + CLAIM +
             "![gone](gone.png)\n\n---\n<!-- _class: hok -->\n" + CLAIM)
    at.refused("deck", "deck.md", "--record=r.json", say=["flsh.n128.time", "gone.png", "hok"])

    # Flags.
    at.write("deck.md", FRONT + CLAIM)
    for flag, words in {"--theme=papr": ["papr", "paper"], "--size=11x11": ["11x11"], "--size=5:5": ["5:5"],
                        "--type=intre": ["intre", "inter"], "--brand=flashdek": ["flashdek", "flashdeck"],
                        "--brand=gone.yml": ["gone.yml"], "--record=gone.json": ["gone.json"]}.items():
        at.refused("deck", "deck.md", flag, say=words)
    at.refused("deck", "gone.md", say=["gone.md", "No such file"])
    at.refused("deck", ".", say=["folder"])
    at.refused("deck", "rendr", say=["rendr"])
    at.refused("deck", "deck.md", "good.md", say=["one deck at a time"])
    at.refused("deck", "deck.md", "--size=all", "--pdf=x.pdf", say=["--size all"])
    at.write("brand.yml", "name: [\n")
    at.refused("deck", "deck.md", "--brand=brand.yml", say=["brand.yml"])
    at.write("theme.yml", (SOURCE / "slides/themes/ink.yml").read_text().replace("#F4F7FA", "#2A3038"))
    at.refused("deck", "deck.md", "--theme=theme.yml", say=["theme.yml"])

    # gnuplot: absent, dying, mute.
    tools = at.path / "tools"
    tools.mkdir()
    for name, script in {"dies": "#!/bin/sh\nexit 3\n", "babbles": "#!/bin/sh\necho nonsense\ncat > /dev/null\n"}.items():
        folder = tools / name
        folder.mkdir()
        (folder / "gnuplot").write_text(script)
        (folder / "gnuplot").chmod(0o755)
    (tools / "absent").mkdir()
    at.done("report", "r.json", "--html=x.html")
    (at.path / "x.html").unlink()
    for name in ("absent", "dies", "babbles"):
        at.refused("report", "r.json", "--html=x.html", say=["gnuplot"],
                   env={"PATH": str(tools / name) + ("" if name == "absent" else os.pathsep + os.environ["PATH"])})
end()
