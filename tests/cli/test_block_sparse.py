#!/usr/bin/env python3
"""flashdeck reproduce block-sparse: a table of every length, mask, pattern and density; wrong flags are refused."""
import re

from help_cli import Folder, end, fail

with Folder() as at:
    small = ["reproduce", "block-sparse", "--length", "256", "--length=320", "--heads", "1", "--rounds", "3",
             "--threads", "1"]
    table = at.done(*small).stdout
    for mask in ("full", "causal"):
        for blocks in ("scattered", "side by side"):
            for length in (256, 320):
                if not re.search(rf"^{mask} +{blocks} +{length} kept +(\d+\.\d % *){{5}}$", table, re.M):
                    fail(f"no row of {mask}, {blocks}, {length}:\n{table}")
    cell = r"\d+\.\d\d \[\d+\.\d\d, \d+\.\d\d\]"
    for words in ("wall", "processor"):
        rows = re.findall(rf"^ +{words} +({cell} *){{5}}$", table, re.M)
        if len(rows) != 8:
            fail(f"{len(rows)} rows of {words}, not 8:\n{table}")
    if "WRONG" in table or "published" not in table:
        fail(table)
    if "block-sparse" not in at.done("reproduce", "--help").stdout:
        fail("reproduce --help does not name block-sparse")
    if "--length" not in at.done("reproduce", "block-sparse", "--help").stdout:
        fail("reproduce block-sparse --help does not name its flags")

    refused = ["reproduce", "block-sparse"]
    at.refused(*refused, "--length", "63", say=["--length is '63'", "64 to"])
    at.refused(*refused, "--length", "many", say=["--length is 'many'"])
    at.refused(*refused, "--head-dim", "60", say=["multiple of 8"])
    for flag in ("--heads", "--rounds", "--threads"):
        at.refused(*refused, flag, "0", say=[flag, "1 to"], how_to_go_on=False)
    at.refused(*refused, "modernbert", say=["one paper at a time"])
    at.refused(*refused, "--lenght", "256", say=["--length"])
end()
