#!/usr/bin/python3
"""A report says what its record says: every case and number, in well-formed HTML and even Markdown tables, whatever
the record holds."""
import copy
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ["FLASHDECK"]
SOURCE = os.environ["SOURCE"]
VOID = {"meta", "br", "hr", "img", "link", "input"}
HOSTILE = "<script>alert('x')</script> & \"Xeon\" | `rm` _a_ *b*"


class Page(html.parser.HTMLParser):
    """Checks that tags close in order, and keeps what the tests ask for."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.ids, self.references = [], [], [], []
        self.words, self.tags, self.tables, self.attributes = [], [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.attributes.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        for name in ("aria-labelledby", "aria-describedby"):
            self.references += attrs.get(name, "").split()
        if attrs.get("href", "").startswith("#"):
            self.references.append(attrs["href"][1:])
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("th", "td"):
            self.tables[-1][-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-3:]} at {self.getpos()}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.words.append(data)
        if ("td" in self.open or "th" in self.open) and self.tables:
            self.tables[-1][-1][-1] += data

    def text(self):
        return " ".join(" ".join(self.words).split())


def markdown_tables(text):
    """Rows of cells; a bar behind a backslash does not part them."""
    tables, table = [], []
    for line in text.splitlines() + [""]:
        if line.startswith("|"):
            table.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif table:
            tables.append(table)
            table = []
    return tables


def three_digits(number):
    return f"{number:.{2 if number < 9.995 else 1 if number < 99.95 else 0}f}"


def time_words(seconds):
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "\u00b5s"), (1e-9, "ns")):
        if seconds >= size * 0.9995 or unit == "ns":
            return f"{three_digits(seconds / size)} {unit}"


def rows(record):
    return [row["flashdeck"] for row in record["benchmarks"] if "flashdeck" in row]


def fail(record, index, error):
    """As the harness writes a case that was wrong."""
    case = rows(record)[index]
    kept, seen = [], False
    for row in record["benchmarks"]:
        if row["run_name"] != case["name"]:
            kept.append(row)
        elif not seen:
            seen = True
            row.update(error_occurred=True, error_message=error, iterations=0, real_time=0.0, cpu_time=0.0)
            kept.append(row)
    record["benchmarks"] = kept
    case.update(failed=True, error=error, samples=[], cpu_samples=[], iterations=[], stages=[], stop_reason=None,
                spread=None, seconds={"median": None, "low": None, "high": None, "level": 0})


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = os.path.join(cls.folder.name, "measured.json")
        subprocess.run([PROGRAM, "bench", "-a", "kernel=naive,naive_blas,flash", "-a", "mask=full,causal", "-a",
                        "N=512,768,1024", "-a", "heads=1", "-a", "d=32", "--benchmark_repetitions=8",
                        "--benchmark_min_time=0.001", "--verify-rows", "16", "--benchmark_out=" + path, "--quiet"],
                       check=True)
        with open(path) as file:
            cls.measured = json.load(file)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def report(self, *records, env=None, code=0):
        """(html, markdown) of the records; where `code` is not 0, what the program said instead."""
        paths = []
        for i, record in enumerate(records):
            paths.append(os.path.join(self.folder.name, f"record{i}.json"))
            with open(paths[-1], "w") as file:
                json.dump(record, file)
        out = [os.path.join(self.folder.name, name) for name in ("report.html", "report.md")]
        for path in out:
            if os.path.exists(path):
                os.unlink(path)
        done = subprocess.run([PROGRAM, "report", *paths, "--html", out[0], "--markdown", out[1]],
                              env={**os.environ, **(env or {})}, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        if code:
            self.assertFalse(os.path.exists(out[0]) or os.path.exists(out[1]), "half a report was written")
            return done.stderr
        self.assertEqual(done.stderr, "")
        with open(out[0], encoding="utf-8") as page, open(out[1], encoding="utf-8") as markdown:
            return page.read(), markdown.read()

    def well_formed(self, page, markdown):
        parsed = Page(page)
        self.assertEqual(parsed.faults, [])
        self.assertEqual(len(parsed.ids), len(set(parsed.ids)), "an id stands twice")
        self.assertEqual(set(parsed.references) - set(parsed.ids), set(), "a reference leads nowhere")
        self.assertNotIn("script", parsed.tags)
        self.assertIsNone(re.search(r"""(?:src|href|url|@import|data)\s*[=(]?\s*["']?\s*(?:https?:)?//""", page))
        self.assertEqual(parsed.tags.count("h1"), 1)
        for table in parsed.tables + markdown_tables(markdown):
            self.assertEqual({len(row) for row in table}, {len(table[0])}, table[0])
        bad = re.search(r"(?i).{0,40}(?:\bnan\b|\binf\b|\(null\)).{0,40}", parsed.text() + markdown)
        self.assertIsNone(bad)
        return parsed

    def test_trade_offs_and_modernbert(self):
        """Rows of the study: each figure in table and chart, kinds apart, wrong points by name."""
        with open(os.path.join(SOURCE, "tests/fuzz/corpus/record/study"), encoding="utf-8") as file:
            record = json.load(file)
        row, stack = record["tradeoffs"][0], record["modernbert"][0]
        wrong = row["points"][1]
        nothing = {"median": None, "low": None, "high": None, "level": 0}
        wrong.update(failed=True, error="element 7 is off", samples=[], seconds=nothing, speed=nothing)
        path = os.path.join(self.folder.name, "study.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(record, file)
        page = os.path.join(self.folder.name, "study.html")
        done = subprocess.run([PROGRAM, "report", path, "--html", page], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        markdown = subprocess.run([PROGRAM, "report", path], capture_output=True, text=True, check=True).stdout
        with open(page, encoding="utf-8") as file:
            html_page = Page(file.read())
        self.assertEqual(html_page.faults, [])
        point = row["points"][0]
        for words in (point["title"], time_words(point["seconds"]["median"]), f"{point['recall']['median']:.3f}",
                      f"{point['relative_l2']:.3f}", time_words(point["attend"]), "element 7 is off",
                      "Where dense flash overtakes", row["gate"], stack["lengths"],
                      three_digits(stack["alternation"]["median"]), three_digits(stack["ceiling"]),
                      three_digits(stack["padding"]["median"]), three_digits(stack["padding_tokens"]),
                      f"{stack['published'][0]['thousands']:.1f}", stack["published"][0]["source"],
                      "not divided by each other"):
            self.assertIn(words, html_page.text())
            self.assertIn(words, markdown.replace("\\", ""))

    def test_says_every_case_and_number(self):
        page, markdown = self.report(self.measured)
        parsed = self.well_formed(page, markdown)
        for tables in (parsed.tables, markdown_tables(markdown)):
            every = next(table for table in tables if "Largest error" in table[0])
            self.assertEqual(len([r for r in every if "---" not in r[0]]) - 1, len(rows(self.measured)))
            for case in rows(self.measured):
                kernel = case["kernel"] if tables is parsed.tables else case["kernel"].replace("_", "\\_")
                found = [r for r in every if r[0] == kernel and r[1] == case["mask"] and
                         r[2] == str(case["problem"]["len_kv"])]
                self.assertEqual(len(found), 1, case["key"])
                rate = case["flops"] / case["seconds"]["median"]
                for words in (time_words(case["seconds"]["median"]), three_digits(rate * 1e-9),
                              three_digits(100 * rate / case["roof_flops"]) + " %", f"{case['max_error']:.1e}",
                              case["stop_reason"]):
                    self.assertIn(words, found[0])
        for case in rows(self.measured):
            self.assertIn(case["key"], parsed.text())
        self.assertIn("times as fast as naive_blas", parsed.text())

    def test_ratio_is_of_pairs(self):
        page, markdown = self.report(self.measured)
        cases = {case["key"]: case for case in rows(self.measured)}
        table = next(t for t in Page(page).tables if "Times as fast" in t[0])
        slow, fast = (cases[f"{k}.cpu.f32.causal.n1024.d32.h1.b1.t{rows(self.measured)[0]['threads']}"]["samples"]
                      for k in ("naive", "flash"))
        ratios = sorted(a / b for a, b in zip(slow, fast))
        found = next(r for r in table if r[:4] == ["flash", "naive", "causal", "1024"])
        median = (ratios[3] + ratios[4]) / 2
        self.assertEqual(found[4], three_digits(median))
        digits = 2 if median < 9.995 else 1 if median < 99.95 else 0  # the ends are rounded where the median is
        self.assertEqual(found[5], f"{ratios[0]:.{digits}f} to {ratios[7]:.{digits}f}")

    def test_charts(self):
        page, _ = self.report(self.measured)
        parsed = Page(page)
        self.assertEqual(parsed.tags.count("svg"), 6)  # two shapes: time, rate, passes
        for tag, attributes in parsed.attributes:
            if tag == "svg":
                self.assertEqual(attributes["role"], "img")
        text = parsed.text()
        for words in ("flash", "naive", "naive_blas", "1024", "(log scale)", "FMA roof", "scores", "softmax", "values"):
            self.assertIn(words, text)
        for name in ("flash", "naive", "naive-blas", "muted", "pass-1"):  # the page's colours, in light and in dark
            self.assertIn(f"var(--{name})", page)
            self.assertGreaterEqual(page.count(f"--{name}:"), 2)
        self.assertNotIn("rgb(", page)
        self.assertIn("prefers-color-scheme: dark", page)

    def test_same_record_same_bytes(self):
        self.assertEqual(self.report(self.measured), self.report(self.measured))

    def test_hostile_names(self):
        record = copy.deepcopy(self.measured)
        machine = record["context"]["flashdeck"]["machine"]
        for name in ("cpu_name", "system", "blas", "compiler", "governor"):
            machine[name] = HOSTILE
        record["context"]["flashdeck"]["command"] = HOSTILE + "\n\n# heading"
        for case in rows(record):
            case["flags"] = HOSTILE
        rows(record)[2]["kernel"] = HOSTILE + "\\ 'q' @x $y\n"
        rows(record)[0]["stages"][0]["name"] = "</text><script>"
        page, markdown = self.report(record)
        parsed = self.well_formed(page, markdown)
        self.assertIn(HOSTILE, parsed.text())
        self.assertNotIn("<script", page)
        outside = re.sub(r"(?m)^    .*$", "", re.sub(r"(`+) .*? \1(?!`)", "", markdown))  # code shows what it holds
        self.assertNotIn("<script", outside)
        self.assertNotIn("\n# heading", markdown)

    def test_failed_cases_stand_with_their_reason(self):
        record = copy.deepcopy(self.measured)
        fail(record, 4, "element 7 is 0.5 and should be 0.25")
        page, markdown = self.report(record)
        parsed = self.well_formed(page, markdown)
        table = next(t for t in parsed.tables if t[0] == ["Case", "Why"])
        self.assertEqual(table[1:], [[rows(record)[4]["key"], "element 7 is 0.5 and should be 0.25"]])
        self.assertIn("element 7 is 0.5 and should be 0.25", markdown)
        self.assertIn(f"{len(rows(record)) - 1} of {len(rows(record))} cases measured", parsed.text())

    def test_no_good_case(self):
        record = copy.deepcopy(self.measured)
        for i in range(len(rows(record))):
            fail(record, i, f"wrong {i}")
        page, markdown = self.report(record, env={"PATH": "/nonexistent"})  # nothing to draw: gnuplot is not needed
        parsed = self.well_formed(page, markdown)
        self.assertIn("Nothing was measured", parsed.text())
        self.assertIn(f"wrong {len(rows(record)) - 1}", markdown)
        self.assertNotIn("In pictures", parsed.text())

    def test_record_without_cases(self):
        record = copy.deepcopy(self.measured)
        record["benchmarks"] = []
        self.well_formed(*self.report(record))

    def test_nulls(self):
        record = copy.deepcopy(self.measured)
        for i, case in enumerate(rows(record)):
            for name in ("max_error", "plain_error", "tolerance", "roof_flops", "workspace", "peak_memory", "spread",
                         "mhz_low", "mhz_high", "flops", "bytes"):
                case[name] = None
            case["stop_reason"] = None
            case["seconds"].update(low=None, high=None, level=None)
            for stage in case["stages"]:
                stage["seconds"].update(median=None if i % 2 else stage["seconds"]["median"], low=None, high=None)
                stage["bytes_read"] = None
        rows(record)[1]["seconds"]["median"] = None
        machine = record["context"]["flashdeck"]["machine"]
        for name in ("mhz", "fma_peak", "fma_peak_1", "copy", "copy_1", "load_1", "system", "blas", "governor"):
            machine[name] = None
        page, markdown = self.report(record)
        parsed = self.well_formed(page, markdown)
        self.assertIn("the record holds no finite time", parsed.text())

    def test_incomplete_and_suspicious(self):
        record = copy.deepcopy(self.measured)
        record["context"]["flashdeck"]["incomplete"] = True
        rows(record)[0]["flags"] = "the clock fell by 12 %"
        rows(record)[1]["roof_flops"] = 1.0
        parsed = self.well_formed(*self.report(record))
        for words in ("This record is incomplete", "the clock fell by 12 %", "faster than the FMA roof"):
            self.assertIn(words, parsed.text())

    def test_several_records(self):
        other = copy.deepcopy(self.measured)
        other["context"]["flashdeck"]["machine"]["cpu_name"] = "Another Processor"
        parsed = self.well_formed(*self.report(self.measured, other))
        self.assertIn("Another Processor", parsed.text())
        self.assertEqual(parsed.text().count("How to read this"), 1)

    def test_commands_measure_the_same_case(self):
        record = copy.deepcopy(self.measured)
        _, markdown = self.report(record)
        table = next(t for t in markdown_tables(markdown) if t[0] == ["Case", "Command"])
        for case, row in zip(rows(record), table[2:]):
            words = row[1].strip("`").split()
            self.assertEqual(words[:2], ["flashdeck", "bench"])
            listed = subprocess.run([PROGRAM, *words[1:], "--benchmark_list_tests"], capture_output=True, text=True)
            self.assertEqual(listed.stdout.split(), [case["name"]], listed.stderr)

    def test_without_gnuplot(self):
        said = self.report(self.measured, env={"PATH": "/nonexistent"}, code=2)
        self.assertIn("gnuplot-nox", said)

    def test_refusals(self):
        for arguments, words in ((["report"], "no record is named"), (["report", "/nonexistent.json"], "cannot open"),
                                 (["report", os.path.join(SOURCE, "README.md")], ""),
                                 (["report", "x.json", "--htm", "y"], "--html")):
            done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(words, done.stderr)
        path = os.path.join(self.folder.name, "good.json")
        with open(path, "w") as file:
            json.dump(self.measured, file)
        done = subprocess.run([PROGRAM, "report", path, "--markdown", "/nonexistent/x.md"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nonexistent/x.md", done.stderr)
        done = subprocess.run([PROGRAM, "report", path], capture_output=True, text=True)
        self.assertTrue(done.stdout.startswith("# Attention on"))
        with open("/dev/full", "w") as full:
            done = subprocess.run([PROGRAM, "report", path], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    sys.exit(unittest.main())
