#!/usr/bin/python3
"""QR codes are read back by another program: from each picture, and from the PDF as small as a phone shows it. And a
deck with logos, patterns and codes is the same to the last byte each time."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.environ["FLASHDECK"]
DECK = """---
title: A deck
url: "https://www.example.org/attention/{kind}/"
paginate: true
pattern: {pattern} continuous
---
# Most of the square **is never read.**

---
<!-- _class: outro {kind} qr -->
{body}
"""
SIZES = ["4:5", "1:1", "16:9"]
LOOKS = [("ink", "flashdeck", "circuit"), ("paper", "northlight", "contours"), ("contrast", "kiln", "graph"),
         ("sepia", "fieldnotes", "grain")]
KINDS = ["follow", "save", "comment", "share", "repository", "command"]
failures = []


def render(folder, deck, size, theme, brand, out):
    result = subprocess.run([PROGRAM, "deck", deck, "--size", size, "--theme", theme, "--brand", brand, "--out", out],
                            cwd=folder, capture_output=True, text=True)
    if result.returncode != 0 or result.stderr:
        failures.append(f"{deck} {size} {theme} {brand}: {result.stderr}")
        return False
    return True


def read(picture):
    result = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)],
                            capture_output=True, text=True)
    return result.stdout.strip()


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


if not all(map(shutil.which, ("zbarimg", "pdftoppm", "qpdf"))):
    print("skipped: zbarimg (zbar-tools), pdftoppm (poppler-utils) or qpdf is missing")
    sys.exit(77)

with tempfile.TemporaryDirectory(prefix="flashdeck-qr-") as name:
    folder = pathlib.Path(name)
    for number, kind in enumerate(KINDS):
        theme, brand, pattern = LOOKS[number % len(LOOKS)]
        body = "`make run`" if kind == "command" else ""
        deck = f"{kind}.md"
        (folder / deck).write_text(DECK.format(kind=kind, pattern=pattern, body=body))
        for size in SIZES:
            out = folder / f"{kind}-{size.replace(':', 'x')}"
            if not render(folder, deck, size, theme, brand, out.name):
                continue
            wanted = f"https://www.example.org/attention/{kind}/"
            subprocess.run(["pdftoppm", "-png", "-f", "2", "-l", "2", "-scale-to-x", "360", "-scale-to-y", "-1",
                            out / "deck.pdf", out / "small"], check=True)
            pictures = [out / "slides" / "slide-02.png"]
            if size in ("4:5", "1:1"):  # those that a phone shows at 360 pixels
                pictures += list(out.glob("small*.png"))
            for picture in pictures:
                found = read(picture)
                if found != wanted:
                    failures.append(f"{picture.name} of {kind} on {size}: read '{found}' instead of '{wanted}'")
            if number == 0:  # the printed address can be clicked
                plain = subprocess.run(["qpdf", "--qdf", "--stream-data=uncompress", out / "deck.pdf", "-"],
                                       capture_output=True).stdout
                if f"/URI ({wanted})".encode() not in plain or b"/S /Link" not in plain:
                    failures.append(f"{kind} on {size}: the PDF has no link to {wanted}")
            if number == 1:
                again = folder / "again"
                shutil.rmtree(again, ignore_errors=True)
                for small in out.glob("small*.png"):
                    small.unlink()
                if render(folder, deck, size, theme, brand, "again") and content(out) != content(again):
                    failures.append(f"{kind} on {size}: two renderings differ")
    # a picture without a code is read as nothing: the reader does not make it up
    if read(folder / "save-4x5" / "slides" / "slide-01.png") != "":
        failures.append("a code was read where none is")
    # the guides are drawn over the slide, and only when asked for
    subprocess.run([PROGRAM, "deck", "save.md", "--size", "story", "--png", "plain"], cwd=folder, capture_output=True)
    subprocess.run([PROGRAM, "deck", "save.md", "--size", "story", "--guides", "--png", "guided"], cwd=folder,
                   capture_output=True)
    plain, guided = (folder / n / "slide-01.png" for n in ("plain", "guided"))
    if not plain.exists() or not guided.exists() or plain.read_bytes() == guided.read_bytes():
        failures.append("--guides draws nothing")

print("\n".join(failures) or "all passed")
sys.exit(1 if failures else 0)
