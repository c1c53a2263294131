#!/usr/bin/python3
"""The page for educators, step by step: every command that it shows, as it is shown, one after the other."""
import os
import pathlib
import re
import subprocess

from help_cli import PROGRAM, SOURCE, Folder, end, fail

PAGE = (SOURCE / "docs" / "educators.md").read_text()
STEPS = re.findall(r"```sh\n(.*?)```", PAGE, flags=re.S)


def picture_size(path):
    data = path.read_bytes()
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def run(folder, script):
    environment = dict(os.environ, PATH=f"{pathlib.Path(PROGRAM).parent}:{os.environ['PATH']}")
    return subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder.path, capture_output=True, text=True,
                          errors="replace", env=environment, timeout=500, stdin=subprocess.DEVNULL)


with Folder() as place:
    for name in ("docs", "slides", "scripts"):
        os.symlink(SOURCE / name, place.path / name)
    if "scripts/setup.sh" not in STEPS[0] or len(STEPS) < 6:
        fail(f"the page does not begin with the installation, or has {len(STEPS)} steps only")
    for line in STEPS[0].splitlines():
        script = line.split()[0]
        if script.startswith("scripts/") and not os.access(SOURCE / script, os.X_OK):
            fail(f"{script} is not there")
    # One shell for all, as the reader has it: `cd` and the rest carry over.
    result = run(place, "set -x\n" + "".join(STEPS[1:]))
    if result.returncode != 0:
        fail(f"the page's commands end with {result.returncode}:\n{result.stderr[-2500:]}")
    made = place.path / "my-carousel"
    for name in ("deck.md", "deck-brand.yml", "carousel/deck.pdf", "carousel/slides/slide-01.png", "square/deck.pdf",
                 "story/deck.pdf", "all/linkedin/deck.pdf"):
        if not (made / name).is_file():
            fail(f"{name} was not made")
    for name, shape in {"carousel": (1080, 1350), "square": (1080, 1080), "story": (1080, 1920)}.items():
        picture = made / name / "slides" / "slide-01.png"
        if picture.is_file() and picture_size(picture) != shape:
            fail(f"{name}: {picture_size(picture)}, not {shape}")
end()
