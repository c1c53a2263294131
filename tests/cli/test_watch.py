#!/usr/bin/python3
"""flashdeck deck watch: a saved slide becomes one new picture, and the PDF follows when its author pauses; what was done
is printed; a fault leaves all as it was."""
import os
import shutil
import subprocess
import time

from help_cli import PROGRAM, Folder, end, fail

DECK = "# One claim\n---\n## A second one\n\nSo it is.\n---\n## And a third\n"


def wait_for(log, words, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if words in log.read_text():
            return True
        time.sleep(0.02)
    fail(f"watch never said {words!r}: {log.read_text()!r}")
    return False


def inodes(folder):
    return {path.name: path.stat().st_ino for path in (folder / "out/slides").iterdir()}


with Folder() as folder:
    deck = folder.write("deck.md", DECK)
    log = folder.path / "log"
    with open(log, "w") as stream:
        watch = subprocess.Popen([PROGRAM, "deck", "watch", "deck.md"], cwd=folder.path, stdout=stream,
                                 stderr=subprocess.STDOUT)
    try:
        wait_for(log, "all 3 slides: ")
        first = inodes(folder.path)
        if sorted(first) != ["slide-01.png", "slide-02.png", "slide-03.png"]:
            fail(f"the first drawing left {sorted(first)}")
        deck.write_text(DECK.replace("second", "better"))
        wait_for(log, "slide 2: ")
        second = inodes(folder.path)
        if [name for name in first if first[name] != second[name]] != ["slide-02.png"]:
            fail(f"a change of slide 2 wrote others too, or not itself: {first} {second}")

        # As many editors save: written beside it, then renamed.
        other = folder.write("deck.new", DECK.replace("second", "better").replace("third", "last"))
        os.replace(other, deck)
        wait_for(log, "slide 3: ")

        # The PDF comes by itself, and then again with what was saved meanwhile.
        wait_for(log, "out/deck.pdf: 3 slides: ")
        pdf = folder.path / "out/deck.pdf"
        if b"%PDF" not in pdf.read_bytes()[:8]:
            fail("the PDF is none")
        before = pdf.stat().st_ino
        deck.write_text(DECK.replace("second", "newer"))
        until = time.monotonic() + 60
        while pdf.stat().st_ino == before and time.monotonic() < until:
            time.sleep(0.05)
        words = shutil.which("pdftotext") and subprocess.run(
            ["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=False).stdout
        if words is not None and "A newer one" not in words:
            fail(f"the PDF did not follow the deck: {words!r}")
        second, before = inodes(folder.path), pdf.stat().st_ino

        deck.write_text(DECK.replace("So it is.", "{{ no.such.key }}"))
        wait_for(log, "not drawn: the pictures are as they were")
        wait_for(log, "deck.md:5: error:")
        if inodes(folder.path)["slide-02.png"] != second["slide-02.png"]:
            fail("a fault changed the pictures")
        time.sleep(1.5)
        if pdf.stat().st_ino != before:
            fail("a fault changed the PDF")
        if watch.poll() is not None:
            fail("a fault ended the watch")
    finally:
        watch.terminate()
        watch.wait()
end()
