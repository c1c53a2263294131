#!/usr/bin/python3
"""Our decks are Marp's too: their directives are those that Marp documents, or keys and comments that it passes over; they
have as many slides to it as to us; and a preview shows bindings as they are written.

Marp's core reads Markdown with markdown-it; its port to Python (the same parser and rules) stands for the preview.
"""
import re
import sys

try:
    from markdown_it import MarkdownIt
except ImportError:
    print("skipped: python3-markdown-it is missing")
    sys.exit(77)

from help_cli import SOURCE, Folder, end, fail

# https://marpit.marp.app/directives, https://github.com/marp-team/marp-core (size, math), and the metadata of Marp CLI.
GLOBAL = {"theme", "style", "headingDivider", "lang", "size", "math", "marp", "title", "description", "author", "image",
          "keywords", "url"}
LOCAL = {"paginate", "header", "footer", "class", "backgroundColor", "backgroundImage", "backgroundPosition",
         "backgroundRepeat", "backgroundSize", "color"}
MARP = GLOBAL | LOCAL | {"_" + name for name in LOCAL}
# Ours. Marp keeps what it does not know out of the slides and says nothing.
OURS_IN_FRONT = {"type", "brand", "let", "pattern", "licence"}
OURS_IN_COMMENTS = {"pattern", "_pattern"}
THREAD = """1/ Why is a *warm* cache worth so much?

2/ It is 3.5x faster than a cold one, {{ they }} say.

3/ Three habits help:
- walk memory in order
- keep together what you use together

4/ Follow @cache_lady for more. https://example.org/a_b_c
"""


def front_matter(text):
    found = re.match(r"---\n(.*?\n)---\n", text, flags=re.S)
    return (found.group(1), text[found.end():]) if found else ("", text)


def keys_of(yaml):
    return re.findall(r"^([A-Za-z_]+):", yaml, flags=re.M)


def check_directives(name, yaml, tokens):
    for key in keys_of(yaml):
        if key not in MARP | OURS_IN_FRONT:
            fail(f"{name}: the front matter's '{key}' is neither Marp's nor a documented one of ours")
    if "marp: true" not in yaml:
        fail(f"{name}: without 'marp: true' an editor takes it for a text")
    for token in tokens:
        if token.type != "html_block":
            continue
        comment = re.fullmatch(r"\s*<!--(.*?)-->\s*", token.content, flags=re.S)
        if not comment:
            fail(f"{name}: HTML that is no comment: {token.content[:80]}")
            continue
        lines = [line.strip() for line in comment.group(1).strip().splitlines()]
        pairs = [re.fullmatch(r"([A-Za-z_]+): *(.*)", line) for line in lines]
        # A comment that is YAML throughout is one of directives to Marp; others are notes of the presenter.
        for pair in pairs if all(pairs) else ():
            if pair.group(1) in MARP | OURS_IN_COMMENTS or " " in pair.group(2):
                continue
            fail(f"{name}: <!-- {pair.group(0)} --> is no directive of Marp's")
        for pair in filter(None, pairs if not all(pairs) else ()):
            if pair.group(1) in MARP:
                fail(f"{name}: '{pair.group(0)}' hides in a note, where Marp does not look: {lines}")


def count_slides(tokens):
    return 1 + sum(token.type == "hr" and token.level == 0 for token in tokens)


def words_in(tokens):
    """What a preview shows: texts and code, without HTML and without the addresses of links."""
    for token in tokens:
        if token.type in ("fence", "code_block"):
            yield token.content
        elif token.type == "inline":
            yield "".join("\n" if child.type == "softbreak" else child.content for child in token.children
                          if child.type in ("text", "code_inline", "softbreak", "hardbreak"))


def check_bindings(name, body, tokens):
    notes_cut = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    literal = re.findall(r"(?<!\\)\{\{.*?\}\}", notes_cut, flags=re.S)
    preview = "\n".join(words_in(tokens))
    for binding in literal:
        if binding not in preview:
            fail(f"{name}: a preview does not show {binding} as it is written")
    return len(literal)


def check(name, text, slides=None):
    yaml, body = front_matter(text)
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(body)
    check_directives(name, yaml, tokens)
    if slides is not None and count_slides(tokens) != slides:
        fail(f"{name}: {count_slides(tokens)} slides to Marp, {slides} to us")
    return check_bindings(name, body, tokens)


with Folder() as place:
    bindings = 0
    for path in sorted((SOURCE / "slides" / "decks").glob("*.md")):
        text = path.read_text()
        ours = len(re.findall(r"^<!-- _class:", text, flags=re.M))
        bindings += check(path.name, text, ours)
    if bindings < 5:
        fail(f"only {bindings} bindings in our decks: is the pattern right?")
    place.write("thread.txt", THREAD)
    said = place.done("deck", "new", "--from", "thread.txt").stdout
    made = (place.path / "deck.md").read_text()
    check("deck.md", made, int(re.search(r"(\d+) slides", said).group(1)))
    if "{{ they }}" not in "\n".join(words_in(MarkdownIt("commonmark").parse(front_matter(made)[1]))):
        fail("a thread's own braces are not shown in a preview")
    readme = (SOURCE / "README.md").read_text()
    for number, deck in enumerate(re.findall(r"````markdown\n(.*?)````", readme, flags=re.S)):
        check(f"README's deck {number + 1}", deck)
end()
