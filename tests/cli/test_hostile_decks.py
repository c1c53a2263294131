#!/usr/bin/python3
"""Decks made to do harm: an error in bounded time and memory, and not a byte is written.

Every deck runs with 20 seconds of processor time and 1.5 GB of memory, or with 60 seconds where a sanitizer slows the
program and needs terabytes; what needs more is killed, which is a failure here."""
import os
import resource
import struct
import subprocess
import zlib

from help_cli import PROGRAM, Folder, end, fail, look

FRONT = "---\ntitle: A\n---\n"
CLAIM = "# A claim of five words\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">'
MEMORY = 1500 << 20


def png(width, height):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def nested(element, use, levels, wide):
    """wide ** levels rectangles in a few hundred bytes."""
    body = f'<defs><{element} id="e0"><rect width="9" height="9"/></{element}>'
    for i in range(1, levels):
        body += f'<{element} id="e{i}">' + use.format(i - 1) * wide + f"</{element}>"
    return SVG + body + f"</defs>{use.format(levels - 1)}</svg>"


IMAGES = {
    "huge.png": png(100000, 100000),
    "flat.png": png(100000, 1),
    "laughs.svg": '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "ha">'
                  + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)) + f"]>{SVG}<text>&a9;</text></svg>",
    "uses.svg": nested("g", '<use xlink:href="#e{}"/>', 12, 10),
    "masks.svg": nested("mask", '<rect width="99" height="99" fill="#fff" mask="url(#e{})"/>', 26, 2),
    "deep.svg": SVG + "<g>" * 200000 + "</g>" * 200000 + "</svg>",
    "many.svg": SVG + "<rect width='9' height='9'/>" * 250000 + "</svg>",
    "long.svg": SVG.replace('"100"', '"1e30"', 1) + "<rect width='9' height='9'/></svg>",
    "filter.svg": SVG + "<filter id='f' width='10000' height='10000'><feGaussianBlur stdDeviation='99999'/></filter>"
                        "<rect width='99' height='99' filter='url(#f)'/></svg>",
    "reads.svg": SVG + "<image xlink:href='../secret.png' width='99' height='99'/></svg>",
}


def front(lines):
    return f"---\n{lines}\n---\n{CLAIM}"


DECKS = {
    # Files elsewhere: source, and a word that must be told.
    "image above": (FRONT + CLAIM + "![a](../secret.png)\n", "leaves the folder"),
    "image far above": (FRONT + CLAIM + "![a](x/../../secret.png)\n", "leaves the folder"),
    "image by a link": (FRONT + CLAIM + "![a](link.png)\n", "deck.md:5: error: link.png"),
    "image by a linked folder": (FRONT + CLAIM + "![a](up/secret.png)\n", "deck.md:5: error: up/secret.png"),
    "whole path": (FRONT + CLAIM + "![a](/etc/hostname)\n", "whole path"),
    "network": (FRONT + CLAIM + "![a](https://example.org/a.png)\n", "network"),
    "file address": (FRONT + CLAIM + "![a](file:///etc/hostname)\n", "deck.md:5: error: file:"),
    "ground above": (FRONT + CLAIM + "![bg](../secret.png)\n", "leaves the folder"),
    "kit above": (front("brand: ../secret.yml"), "leaves the folder"),
    "theme elsewhere": (front("theme: /etc/theme.yml"), "whole path"),
    "slide's theme above": (FRONT + "<!-- theme: ../secret.yml -->\n" + CLAIM, "leaves the folder"),
    "canvas above": (front("size: ../secret.yml"), "leaves the folder"),
    # Two grounds: the second is told, never silently the only one.
    "two grounds": (FRONT + CLAIM + "![bg](good.svg)\n\n![bg](good.svg)\n", "deck.md:7: error: slide 1 has no room"),
    # Front matter.
    "anchors": (front("title: &a [x]\nauthor: *a"), "deck.md:2: error: YAML"),
    "aliases": (front("title: &a x\nauthor: *a"), "deck.md:"),
    "laughs": (front("a0: &a0 [x]\n" + "\n".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10))),
               "deck.md:2: error: YAML"),
    "deep yaml": (front("title: " + "[" * 100000), "deck.md:2: error: YAML"),
    "deep maps": (front("title: " + "{a: " * 50000), "deck.md:2: error: YAML"),
    "many keys": (front("\n".join(f"k{i}: 1" for i in range(200000))), "k0"),
    "long title": (front("title: " + "x" * 3000000), "deck.md:2: error: YAML"),
    "names of names": (front("let:\n" + "\n".join(f"  - {{name: n{i}, is: n{i - 1} + n{i - 1}}}" for i in range(1, 60)))
                       + "\n{{ n59 }}\n", "too deeply"),
    "name of itself": (front("let:\n  - {name: n, is: n + n}") + "\n{{ n }}\n", "too deeply"),
    # Sizes and depths.
    "10,000 slides": (FRONT + "\n---\n".join([CLAIM] * 10000), "more than 300 slides"),
    "100,000 paragraphs": (FRONT + CLAIM + "a\n\n" * 100000, "no room for this"),
    "deep lists": (FRONT + CLAIM + "".join("  " * i + "- a\n" for i in range(1500)), "nested too deeply"),
    "brackets": (FRONT + "# " + "[" * 200000 + "\n", "are the most"),
    "stars": (FRONT + "# " + "**a " * 200000 + "\n", "are the most"),
    "emphasis": (FRONT + "# " + "*a_" * 100000 + "\n", "are the most"),
    "links": (FRONT + "# " + "[a](" * 100000 + "\n", "are the most"),
    "a word": (FRONT + "# " + "a" * 1000000 + "\n", "are the most"),
    "words": (FRONT + CLAIM + "word " * 500000 + "\n", "are the most"),
    "marks on a letter": (FRONT + "# a" + "\u0301" * 200000 + "\n", "are the most"),
    "directions": (FRONT + "# " + "\u202e\u2066" * 100000 + "\n", "are the most"),
    "entities": (FRONT + "# " + "&amp;" * 200000 + "\n", "are the most"),
    "parentheses": (FRONT + "# {{ " + "(" * 1800 + "1" + ")" * 1800 + " }}\n", "deck.md:4: error"),
    "code": (FRONT + CLAIM + "```c\n" + '/* "\n' * 50000 + "```\n", "are the most"),
    "a fence of brackets": (FRONT + CLAIM + "```chart\nkind: bar\nrows: " + "[" * 100000 + "\n```\n", "are the most"),
    "a deep fence": (FRONT + CLAIM + "```chart\nkind: bar\nrows: " + "[" * 7000 + "\n```\n", "deck.md:"),
    "a matrix": (FRONT + CLAIM + "```figure\nkind: matrix\nsize: 2000000000\nmasks: [{mask: causal}]\n```\n", "deck.md:7: error"),
    "comments": (FRONT + CLAIM + "<!-- " * 100000 + "\n", "never closed"),
    "notes": (FRONT + CLAIM + "<!-- a b c -->\n" * 100000, "speaker notes"),
}
for name in IMAGES:
    DECKS[name] = (FRONT + CLAIM + f"![a]({name})\n", f"deck.md:5: error: {name}")
PASSES = {"100,000 quotes": FRONT + ">" * 100000 + " a quiet thought of few words\n"}


def limited(memory):
    def limit():
        seconds = 20 if memory else 60
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    return limit


def run(folder, memory, *arguments):
    return subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, errors="replace",
                          preexec_fn=limited(memory), timeout=300, stdin=subprocess.DEVNULL)


with Folder() as at:
    at.write("secret.png", png(2, 2))
    at.write("secret.yml", "title: Secret\n")
    folder = at.path / "deck"
    for name, content in IMAGES.items():
        at.write(f"deck/{name}", content)
    at.write("deck/good.svg", SVG + "<rect width='99' height='99'/></svg>")
    (folder / "link.png").symlink_to("../secret.png")
    (folder / "up").symlink_to("..")
    memory = run(folder, True, "list", "themes").returncode == 0
    for name, (source, words) in DECKS.items():
        at.write("deck/deck.md", source)
        before = look(folder)
        result = run(folder, memory, "deck", "deck.md", "--out=out")
        if result.returncode != 2 or words not in result.stderr:
            fail(f"{name}: exit {result.returncode}, no {words!r} in {result.stderr[:400]!r}")
        if len(result.stderr) > 20000:
            fail(f"{name}: {len(result.stderr)} letters of complaint")
        if look(folder) != before:
            fail(f"{name}: something was written")
    for name, source in PASSES.items():
        at.write("deck/deck.md", source)
        result = run(folder, memory, "deck", "check", "deck.md")
        if result.returncode != 0:
            fail(f"{name}: exit {result.returncode}: {result.stderr[:400]!r}")

    # Who trusts the author may let a deck reach out; the network never.
    at.write("picture.svg", SVG + "<rect width='99' height='99'/></svg>")
    at.write("deck/deck.md", FRONT + CLAIM + "![a](../picture.svg)\n")
    if run(folder, memory, "deck", "check", "deck.md").returncode != 2:
        fail("a picture above the folder was taken")
    if run(folder, memory, "deck", "check", "deck.md", "--allow-outside").returncode != 0:
        fail("--allow-outside did not allow a picture above the folder")
    at.write("deck/deck.md", FRONT + CLAIM + "![a](https://example.org/a.png)\n")
    if run(folder, memory, "deck", "check", "deck.md", "--allow-outside").returncode != 2:
        fail("--allow-outside let a deck reach into the network")
end()
