#!/usr/bin/python3
"""`flashdeck deck new`: threads of many manners become decks that render; the author's words are all there."""
import re
import zlib

from help_cli import Folder, end, fail

NUMBERED = """1/ Why is a warm cache worth so much? A short thread.

2/ A core asks for a line of 64 bytes. If it is near, the answer takes 1 ns.

If it is far, it takes 100 times as long.

3/ Three habits help:
- walk memory in order
- keep what you use together in one place
- touch a page once, not twice

4/ "The fastest byte is the one that nobody has to move at all", as my teacher used to say.

5/5 That's all. Follow @cache_lady for more. https://example.org/caches
"""

PAGE = """Ada Example
@ada_example
·
3h
I measured one loop on four machines. The result surprised me.
12
34 Reposts
5.6K
Ada Example
@ada_example
·
3h
The new one is 3.5x faster than the old one.
Show more
7
8
Ada Example
@ada_example
·
2h
Repost this if it helped you.
10:32 AM · Aug 23, 2025 · 12.3K Views
Reply
Share
"""

EMOJI = """🧵 Four ways to write better tests 👇

What a good test has:
✅ one reason to fail
✅ a name that says what is wrong
✅ no clock in it

And what a bad one has:
❌ sleeps
❌ shared files

1️⃣ Break the code once
2️⃣ See the test fail

That's it! Share this with a colleague 🙏
"""

LONG = ("A queue is a promise that somebody will come back. " * 3 + "When it grows, the promise gets weaker, because "
        "those at its end wait for all before them, and nobody has told them how long that will be. "
        "So put a limit on it. Say no early, and say it politely! Then those who are let in are served in time. "
        "And what is refused can be tried again by whoever knows how urgent it is? " + "It works. " * 3)

RIGHT_TO_LEFT = """למה זיכרון מטמון חשוב? שלוש סיבות קצרות.

הוא קרוב למעבד. לכן הוא מהיר.

הוא קטן. לכן צריך לבחור מה נשאר בו.
"""

WINDOWS = "First post: what a build cache is.\r\n\r\nSecond post says why:\r\n* it saves time\r\n* it saves power\r\n"


def words(text):
    text = re.sub(r"[‘’]", "'", text)
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.replace("×", "x").lower())


def shown(deck):
    """What stands on the slides, comments and front matter left out, escapes undone."""
    body = re.sub(r"\A---\n.*?\n---\n", "", deck, flags=re.S)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r"\[([^\]]*)\]\(<[^>]*>\)", r"\1", body)
    return re.sub(r"\\(.)", r"\1", body.replace("**", ""))


def front(deck, key):
    found = re.search(rf"^{key}: \"(.*)\"$", deck, flags=re.M)
    return found.group(1) if found else None


def layouts(deck):
    return re.findall(r"<!-- _class: (\S+)", deck)


def has_all(name, deck, thread, besides=()):
    """Every word of the thread is on a slide, as often as the author wrote it."""
    left = words(shown(deck))
    for word in words(thread):
        if word in left:
            left.remove(word)
        elif word not in besides:
            fail(f"{name}: the word '{word}' is on no slide:\n{deck}")
            return


def make(folder, name, thread, *flags):
    folder.write(f"{name}.txt", thread)
    result = folder.done("deck", "new", "--from", f"{name}.txt", "-o", f"{name}.md", *flags)
    return (folder.path / f"{name}.md").read_text(), result


def renders(folder, name, *flags):
    folder.done("deck", "render", f"{name}.md", "--out", f"out-{name}", *flags)


def manners(folder):
    deck, result = make(folder, "numbered", NUMBERED)
    renders(folder, "numbered")
    renders(folder, "numbered", "--size", "1:1", "--theme", "paper")
    has_all("numbered", deck, re.sub(r"^\d/5?", "", NUMBERED, flags=re.M), besides=("https",))
    if "told apart by numbers" not in result.stdout or "5 posts" not in result.stdout:
        fail(f"numbered: posts are not told apart by their numbers: {result.stdout}")
    for layout in ("hook", "quote", "outro"):
        if layout not in layouts(deck):
            fail(f"numbered: no slide is a {layout}:\n{deck}")
    if deck.count("\n- ") != 3 or "](<https://example.org/caches>)" not in deck or "@cache\\_lady" not in deck:
        fail(f"numbered: list, link or handle is lost:\n{deck}")
    if "cache_lady" not in (folder.path / "numbered-brand.yml").read_text() or front(deck, "brand") != "numbered-brand.yml":
        fail("numbered: no kit was made of the handle")

    deck, result = make(folder, "page", PAGE)
    renders(folder, "page")
    has_all("page", deck, "I measured one loop on four machines. The result surprised me. The new one is 3.5x faster than "
            "the old one. Repost this if it helped you.")
    if any(word in shown(deck) for word in ("Views", "Ada", "Reply", "3h", "5.6K", "34", "Share", "Show")):
        fail(f"page: the page around the thread is on a slide:\n{deck}")
    if front(deck, "author") != "Ada Example" or "# 3.5×" not in deck:
        fail(f"page: author or number is lost:\n{deck}")
    if "12.3K Views" not in result.stdout:
        fail(f"page: what was left out is not said: {result.stdout}")

    deck, result = make(folder, "emoji", EMOJI)
    has_all("emoji", deck, EMOJI, besides=("1", "2"))
    renders(folder, "emoji")
    if deck.count("\n- ") + deck.count("\n1. ") + deck.count("\n2. ") != 7 or "emojis" not in result.stdout:
        fail(f"emoji: lists are lost:\n{deck}")

    deck, _ = make(folder, "long", LONG)
    renders(folder, "long")
    has_all("long", deck, LONG)
    for slide in shown(deck).split("\n---\n"):
        if len(words(slide)) > 60:
            fail(f"long: too many words on one slide: {slide}")

    deck, _ = make(folder, "hebrew", RIGHT_TO_LEFT)
    has_all("hebrew", deck, RIGHT_TO_LEFT)
    if front(deck, "lang") != "he":
        fail(f"hebrew: the language is not told: {front(deck, 'lang')}")
    result = folder.run("deck", "render", "hebrew.md", "--out", "out-hebrew")
    if result.returncode not in (0, 2) or (result.returncode == 2 and "glyphs" not in result.stderr):
        fail(f"hebrew: neither drawn nor told which letters the fonts lack: {result.stderr}")

    deck, _ = make(folder, "windows", WINDOWS.encode())
    has_all("windows", deck, WINDOWS)
    renders(folder, "windows")
    if "\r" in deck or deck.count("\n- ") != 2:
        fail(f"windows: line ends are left or the list is lost:\n{deck!r}")


def encodings(folder):
    """The same thread, however its bytes came, becomes the same deck."""
    text = "Café prices rose by 40% in a year. Why?\n\nThe beans – from Ethiopia – cost more; shops’ rents too.\n"
    plain, _ = make(folder, "same", text, "--force")
    greek = "Notes on caches.\n\nItâ\u0080\u0099s warm.\n".encode("utf-8")
    for name, data in {"bom": b"\xef\xbb\xbf" + text.encode(), "utf-16": text.encode("utf-16"),
                       "utf-16 without a mark": text.encode("utf-16-le"), "big-endian": text.encode("utf-16-be"),
                       "utf-32": text.encode("utf-32"), "windows": text.encode("cp1252"),
                       "once": text.encode().decode("cp1252").encode(),
                       "twice": text.encode().decode("cp1252").encode().decode("cp1252").encode(),
                       "decomposed": text.replace("é", "e\u0301").encode(), "crlf": text.replace("\n", "\r\n").encode(),
                       "tags": text.replace(" – ", " &#8211; ").replace("Why?", "<b>Why?</b>").encode()}.items():
        deck, _ = make(folder, "same", data, "--force")
        if deck != plain:
            fail(f"{name}: another deck:\n{deck}")
    deck, _ = make(folder, "greek", greek)
    if "It’s warm" not in deck:
        fail(f"an apostrophe with control characters is not mended:\n{deck}")


def lost(folder):
    """UTF-8 read as another set whose control characters were dropped on the way."""
    def through(text, charset):
        return "".join(c for c in text.encode().decode(charset) if not 0x80 <= ord(c) < 0xa0)

    text = ("Models → 4k words\n\nIt’s 3–5 times as much\u00a0work, isn’t it… Look 👇\n\nLabels “one” and two → @someone.\n")
    for charset in ("iso-8859-7", "iso-8859-1"):
        deck, result = make(folder, "lost", through(text, charset), "--force")
        for want in ("It’s 3–5 times as much work, isn’t it…", "“one”", "two → @someone", "Models → 4k"):
            if want not in shown(deck):
                fail(f"{charset}: '{want}' is not mended:\n{deck}")
        if "line 1: an arrow" not in result.stdout:
            fail(f"{charset}: the choices are not listed: {result.stdout}")
    for true in ("Το β και το π είναι ελληνικά γράμματα. Καλό;\n\nΝαι — και όμορφα.\n",
                 "Le château est là où l’été dure. Où ça?\n\nÀ côté de la forêt, âgée de 100 ans.\n",
                 "Let β be 0.9 and π be known.\n\nThen β → 1 is the limit.\n", "Съёмка Сёмги. Это «ёлка»…\n\nДа — она.\n"):
        deck, result = make(folder, "true", true, "--force")
        has_all("true letters", deck, true)
        if "bytes" in result.stdout or "mended" in result.stdout:
            fail(f"letters were mended that were right: {result.stdout}{deck}")


def escapes(folder):
    """Nothing in a thread is read as Markdown, as a binding, as a comment or as YAML."""
    text = ('Title: "quoted" \\ and {{ flash.time }}: a *star* in #1 <script>alert(1)</script>\n\n'
            "A second post --> with $x_1$ and [brackets](nowhere) & more | bars ~~gone~~ <!-- not a comment -->\n\n"
            "1. not a list\n\n+ plus\n= equals\n# no heading\n> a quote\n")
    deck, _ = make(folder, "escapes", text)
    renders(folder, "escapes")
    explained = folder.done("deck", "explain", "escapes.md")
    if "flash.time" in explained.stdout:
        fail(f"a binding came out of a thread: {explained.stdout}")
    has_all("escapes", deck, text)
    if deck.count("-->") != deck.count("<!--"):
        fail(f"a comment is cut short:\n{deck}")


def numbers(folder):
    deck, result = make(folder, "numbers", "Context windows grew: - Claude 2: 100k tokens - Gemini: 1M tokens\n\n"
                        "Flash attention is 7.6x faster, they say.\n\nMy bakery is 7.6x larger than yours.\n")
    if deck.count("Could be bound") != 3 or "published.flashattention.speedup | x 1" not in deck:
        fail(f"numbers: wrong proposals:\n{deck}")
    if "3 numbers" not in result.stdout:
        fail(f"numbers: proposals are not counted: {result.stdout}")
    for expression in re.findall(r"\{\{ (.*?) \}\}", deck):
        folder.write("bound.md", f"# It is {{{{ {expression} }}}}\n")
        folder.done("deck", "check", "bound.md")


def tables(folder):
    """Things and their values stand in columns; what only leads on to the next item goes."""
    deck, _ = make(folder, "tables", "Windows of context grew:\n- GPT-4 -> 8k tokens\n- Claude 2 -> 100k tokens\n"
                   "- Gemini -> 1M tokens\nWhat does it take?\n\nThree parts of a page:\n- Header: who speaks\n- Body: what is "
                   "claimed and why one should believe it\n- Footer: where one is, and\n- Margin: nothing\n\n"
                   "Prices this year:\n- tea = cheap\n- coffee = dear\n")
    if layouts(deck) != ["hook", "table", "list", "table"]:
        fail(f"tables: layouts {layouts(deck)}:\n{deck}")
    for words_of_deck in ("## 8k → 1M tokens", "| | tokens |\n| :-- | --: |\n| GPT-4 | 8k |", "| **Gemini** | **1M** |",
                          "- **Header** who speaks\n", "- **Footer** where one is\n", "| | |\n| :-- | :-- |\n| tea | cheap |"):
        if words_of_deck not in deck:
            fail(f"tables: {words_of_deck!r} is missing:\n{deck}")
    renders(folder, "tables")
    deck, _ = make(folder, "no-tables", "What it is like:\n- fast -> good\n- slow: bad\n- neither of both\n")
    if "table" in layouts(deck):
        fail(f"items of several kinds became a table:\n{deck}")


def panels(folder):
    text = "Paper Size\nPick how large it is\nInk Color\nBorder\nPick a border\nDone\n\n" + NUMBERED
    deck, result = make(folder, "panels", text)
    if "Ink Color" in deck or "Ink Color" not in result.stdout:
        fail("panels before the thread are not left out")
    deck, _ = make(folder, "after", NUMBERED + "\n\n" + text.split("\n\n")[0] + "\n")
    if "Ink Color" in deck:
        fail("panels behind the thread are not left out")
    deck, _ = make(folder, "kept", text, "--keep-all")
    if "Ink Color" not in deck:
        fail("--keep-all does not keep all")
    deck, _ = make(folder, "short", "We tried it\nfor a week\nand it broke\n\nHere is what we learned.\n")
    has_all("short", deck, "We tried it for a week and it broke Here is what we learned.")


def refusals(folder):
    png = b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)) * 40)
    folder.write("empty.txt", "")
    folder.write("blank.txt", " \n\t\n \xa0\n")
    folder.write("huge.txt", "A sentence of seven words stands here. " * 260000)
    folder.write("binary.txt", png)
    folder.write("word.txt", "One post.\n\n" + "x" * 5000 + "\n")
    folder.write("many.txt", "This is one of many posts that say nothing.\n\n" * 400)
    folder.write("page.txt", "Reply\nShare\n3h\n")
    for name, say in {"empty.txt": "empty", "blank.txt": "empty", "huge.txt": "which is no thread", "binary.txt": "no text",
                      "word.txt": "5000 letters", "many.txt": "300 at most", "page.txt": "page around",
                      "none.txt": "open"}.items():
        folder.refused("deck", "new", "--from", name, "-o", "refused.md", say=[say], timeout=20)
    folder.refused("deck", "new", say=["no thread"])
    folder.write("there.md", "mine")
    folder.write("good.txt", "One post with a claim.\n\nAnd its reason.\n")
    folder.refused("deck", "new", "--from", "good.txt", "-o", "there.md", say=["there already"])
    folder.refused("deck", "new", "--from", "good.txt", "-o", "nowhere/deck.md", say=["nowhere"])
    folder.refused("deck", "new", "--form", "good.txt", say=["--from"])


def hostile(folder):
    """Whatever is pasted, an answer comes in bounded time: as many of each as a file may hold."""
    for piece in (" - ", ": - a", "<a ", "<a href=\"https://a.example\">a", "@ab ", "Ab. ", "Say: A ", "\u201c", "a\n", "`", "1/ a\n",
                  "- a\n", "\u03b2 it\u03b2s ", "\u00e2\u20ac\u2122", "&#8217;", "\U0001f9f5", "https://a.example/b ", "3h\n", "\n", "7x ",
                  "@ab\n", "Aa\nBb\n\n", "a:\n- b\n", "\u6f22\u3002", "A\u0301"):
        folder.write("hostile.txt", (piece * (200000 // len(piece.encode()))).encode())
        result = folder.run("deck", "new", "--from", "hostile.txt", "-o", "hostile.md", "--force", timeout=60)
        if result.returncode not in (0, 2):
            fail(f"200 kB of {piece!r}: ended with {result.returncode}: {result.stderr[:300]}")


with Folder() as place:
    manners(place)
    encodings(place)
    lost(place)
    escapes(place)
    numbers(place)
    tables(place)
    panels(place)
with Folder() as place:
    refusals(place)
    hostile(place)
end()
