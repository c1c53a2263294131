"""Many mutants in one source: each stands where it was made, behind a question of a number that is set at run time.

A compile takes seconds and a test a fraction of one, so mutants are not compiled one by one ("mutant schemata", Untch,
Offutt and Harrold 1993). Where a mutant lies in an expression that is complete by itself (an argument, a group in
parentheses, a subscript, an initializer, a returned value, a condition), the smallest such becomes
    (mutant_now == 17 ? (as mutant 17 has it) : (as it is))
likewise a statement; and where the spot is no expression (a local type, the size of an array, a template's argument in a
declaration), the smallest block around it, whole. What lies outside functions, and what does not compile so, is for the
caller to compile by itself: place() says where a mutant went."""
import bisect
import re
from dataclasses import dataclass, field

EXPRESSION, CONDITION, STATEMENT, BLOCK = "expression", "condition", "statement", "block"
PAIRS = {"(": ")", "[": "]", "{": "}"}
TYPE = (r"(?:(?:const|static|extern|constexpr|volatile|inline) +)*(?:struct +|enum +)?[A-Za-z_]\w*(?:::\w+)*(?:<[^;]*>)?")
CAST = re.compile(r"(const )?(unsigned|int|float|double|char|void|bool|long|u?int\d+_t|size_t|uintptr_t|(struct|enum) \w+)"
                  r"( (const )?\*+( ?const)?)?$")
ASSIGNS = re.compile(r"(?<![=!<>+\-*/%&|^])=(?!=)")


@dataclass
class Slot:
    begin: int
    end: int
    kind: str
    mutants: list = field(default_factory=list)  # (number, begin, end, other), those that go here
    numbers: set = field(default_factory=set)  # that were meant to


class Parser:
    """Finds the slots of a source whose comments and strings are blanked (mutants.code_of)."""

    def __init__(self, code):
        self.code, self.close, self.slots = code, {}, []
        self._match()
        self._outside(0, len(code))

    def _match(self):
        """Every opening bracket's end; `name<` without a space opens a template's arguments, as clang-format has it."""
        stack, code = [], self.code
        for i, c in enumerate(code):
            if c in PAIRS:
                stack.append((i, PAIRS[c]))
            elif c == "<" and i and re.match(r"\w", code[i - 1]) and code[i + 1:i + 2] not in (" ", "=", "<", "\n"):
                stack.append((i, ">"))
            elif stack and c == stack[-1][1] and not (c == ">" and code[i - 1] == "-"):
                self.close[stack.pop()[0]] = i

    def _before(self, at):
        """The last word or sign before `at`."""
        found = re.search(r"(\w+|\S)\s*$", self.code[max(0, at - 200):at])
        return found.group(1) if found else ""

    def _outside(self, begin, end):
        """Namespaces, structs; functions are known by the parenthesis before their brace."""
        i = begin
        while i < end:
            if self.code[i] == "{" and i in self.close:
                before = self._before(i)
                if before in (")", "const"):
                    self._block(i)
                elif before != "=" and not re.search(r"\benum\b[^;{}]*$", self.code[begin:i]):
                    self._outside(i + 1, self.close[i])
                i = self.close[i]
            elif i in self.close and self.code[i] in "([<":
                i = self.close[i]
            i += 1

    def _add(self, begin, end, kind):
        text = self.code[begin:end]
        begin += len(text) - len(text.lstrip())
        end -= len(text) - len(text.rstrip())
        if begin < end:
            self.slots.append(Slot(begin, end, kind))

    def _block(self, at, slot=True):
        end = self.close[at]
        if slot:
            self.slots.append(Slot(at + 1, end, BLOCK))
        i = self._space(at + 1, end)
        while i < end:
            i = self._space(self._statement(i, end), end)

    def _space(self, i, end):
        while i < end and self.code[i].isspace():
            i += 1
        return i

    def _until(self, i, end, signs):
        """The next of these signs outside brackets."""
        while i < end and self.code[i] not in signs:
            i = self.close.get(i, i) + 1
        return i

    def _statement(self, i, end):
        """Reads one, returns what comes after it."""
        code = self.code
        if code[i] == "{":
            self._block(i)
            return self.close[i] + 1
        word = re.compile(r"\w+").match(code, i)
        word = word.group() if word else ""
        if word in ("if", "for", "while", "switch"):
            opens = code.index("(", i)
            closes = self.close[opens]
            if word == "for":
                self._for(opens, closes)
            else:
                self._expression(opens + 1, closes, EXPRESSION if word == "switch" else CONDITION)
            i = self._space(closes + 1, end)
            if word == "switch" and code[i] == "{":
                self._block(i, slot=False)  # its labels belong to the switch
                return self.close[i] + 1
            return self._statement(i, end)
        if word == "else":
            return self._statement(self._space(i + 4, end), end)
        if word in ("case", "default"):
            return self._until(i, end, ":") + 1
        last = self._until(i, end, ";")
        if word == "return":
            self._value(i + 6, last)
        elif word in ("enum", "constexpr", "static", "using", "static_assert", "break", "SRAM_BEGIN"):
            pass
        elif word == "SRAM":
            self._scan(i, last)
        elif re.match(r"\w+ \(\*", code[i:last]):
            pass  # a pointer to a function is declared
        elif self._declares(i, last):
            self._declaration(i, last)
        else:
            self._add(i, last + 1, STATEMENT)
            self._scan(i, last)
        return last + 1

    def _declares(self, begin, end):
        return re.match(TYPE + r"(?: +| *[*&]+ *(?:const )?)[A-Za-z_]\w* *(?=$|[=;,\[({])", self.code[begin:end])

    def _parts(self, begin, end, sign=","):
        while begin < end:
            last = self._until(begin, end, sign)
            yield begin, last
            begin = last + 1

    def _declaration(self, begin, end):
        for first, last in self._parts(begin, end):
            at = first
            while at < last and not ASSIGNS.match(self.code, at):
                at = self.close.get(at, at) + 1
            if at < last:
                self._value(at + 1, last)
            elif re.match(r"[^\[{=]*\w\(", self.code[first:last]):
                self._scan(first, last)  # a constructor's arguments

    def _for(self, opens, closes):
        parts = list(self._parts(opens + 1, closes, ";"))
        for n, (begin, end) in enumerate(parts):
            begin = self._space(begin, end)
            if n == 0 and self._declares(begin, end):
                self._declaration(begin, end)
            else:
                self._expression(begin, end, CONDITION if n == 1 else EXPRESSION)

    def _value(self, begin, end):
        """An initializer or a returned value: in braces only their elements are expressions."""
        begin = self._space(begin, end)
        named = re.compile(r"\.\w+ = ").match(self.code, begin, end)
        if named:
            begin = named.end()
        if begin < end and self.code[begin] == "{":
            self._scan(begin, end)
        else:
            self._expression(begin, end)

    def _expression(self, begin, end, kind=EXPRESSION):
        self._add(begin, end, kind)
        self._scan(begin, end)

    def _scan(self, begin, end):
        """The complete expressions inside of one."""
        code, i = self.code, begin
        while i < end:
            closes = self.close.get(i)
            if closes is None:
                i += 1
                continue
            before = self._before(i)
            if code[i] == "[":
                self._expression(i + 1, closes)
            elif code[i] == "{":
                for part in self._parts(i + 1, closes):
                    self._value(*part)
            elif code[i] == "(":
                call = re.match(r"[\w)\]>]", before[-1:]) and before != "return"
                if before == "SRAM":
                    self._value(*list(self._parts(i + 1, closes))[2])
                elif call and before not in ("sizeof", "decltype", "INT64_C"):
                    for part in self._parts(i + 1, closes):
                        self._value(*part)
                elif not call and not CAST.match(code[i + 1:closes]):
                    self._expression(i + 1, closes)
            i = closes + 1


class Schemata:
    """The mutants of one file, in its source. `first` is the number of its first mutant; numbers stay whatever moves."""

    def __init__(self, text, code, mutants, first):
        """`text`: the source without its comments; spans of mutants are the same in both."""
        self.text, self.places = text, {}
        slots = sorted(Parser(code).slots, key=lambda s: (s.begin, -s.end))
        self.slots = slots
        self.starts = [s.begin for s in slots]
        # Numbers of one slot follow each other, so that one comparison passes all of them by.
        found = [(self._slot(m, 0), m) for m in mutants]
        self.number, number = {}, first
        for slot, m in sorted(found, key=lambda f: (f[0].begin if f[0] else -1, -f[0].end if f[0] else 0, f[1].begin)):
            self.number[m.name] = number
            if slot:
                slot.numbers.add(number)
            number += 1
        self.mutants = {self.number[m.name]: m for m in mutants}
        for slot, m in found:
            self._put(m, slot)

    def _slot(self, mutant, level):
        """The smallest around it: level 0 any, level 1 a block."""
        for slot in reversed(self.slots[:bisect.bisect_right(self.starts, mutant.begin)]):
            if slot.end >= mutant.end and (level == 0 or slot.kind == BLOCK):
                return slot
        return None

    def _put(self, mutant, slot):
        self.places[self.number[mutant.name]] = slot
        if slot:
            slot.mutants.append((self.number[mutant.name], mutant.begin, mutant.end, mutant.other))

    def move(self, number):
        """Out of where it does not compile: into the block around, and then out. Whether it is in still."""
        mutant, slot = self.mutants[number], self.places[number]
        if slot:
            slot.mutants = [m for m in slot.mutants if m[0] != number]
            self._put(mutant, self._slot(mutant, 1) if slot.kind != BLOCK else None)
        return self.places[number] is not None

    def alone(self):
        """Numbers of those that must be compiled by themselves."""
        return [n for n, slot in self.places.items() if slot is None]

    def render(self):
        """The text. Afterwards blame() knows the lines."""
        self.out, self.line, self.lines, self.ranges = [], 1, {}, []
        self._emit(0, len(self.text), [s for s in self.slots if s.mutants])
        return "".join(self.out)

    def blame(self, line):
        """The mutants that stand in a line of the text; else all of the smallest slot around it, of whatever kind: a
        pragma may want the condition of its loop plain."""
        if line in self.lines:
            return self.lines[line]
        around = [(last - first, numbers) for first, last, numbers in self.ranges if first <= line <= last]
        return min(around)[1] if around else []

    def _write(self, text, number=None):
        first = self.line
        self.line += text.count("\n")
        self.out.append(text)
        if number is not None:
            for line in range(first, self.line + 1):
                self.lines.setdefault(line, []).append(number)

    def _emit(self, begin, end, slots):
        at, i = begin, 0
        while i < len(slots):
            slot, inner = slots[i], i + 1
            while inner < len(slots) and slots[inner].begin < slot.end:
                inner += 1
            self._write(self.text[at:slot.begin])
            self._emit_slot(slot, slots[i + 1:inner])
            at, i = slot.end, inner
        self._write(self.text[at:end])

    def _mutated(self, slot, mutant):
        number, begin, end, other = mutant
        return self.text[slot.begin:begin] + other + self.text[end:slot.end]

    def _emit_slot(self, slot, inner):
        mutants, first = sorted(slot.mutants), self.line
        ours = {m[0] for m in mutants}
        low, count = (min(slot.numbers), len(slot.numbers)) if slot.numbers else (0, 0)
        exact = ours == slot.numbers  # then the last needs no question
        guarded = bool(slot.numbers) and ours <= slot.numbers and len(ours) > 2
        braces = slot.kind in (STATEMENT, BLOCK)
        opens, closes, joins = ("{", "}", " else ") if braces else ("(", ")", " : ")
        value = "!!(" if slot.kind == CONDITION else "("  # what is asked may be a pointer
        whole = self.text[slot.begin:slot.end]

        def ask(condition):
            self._write(f"if ({condition}) " if braces else f"{condition} ? ")

        def put(text, number=None):
            self._write((opens if braces else value) + text + closes, number)

        self._write(opens + "\n")
        if guarded:
            ask(f"(unsigned)(mutant_now - {low}) < {count}u")
            self._write(opens + "\n")
        for n, mutant in enumerate(mutants):
            last = guarded and exact and n == len(mutants) - 1
            if not last:
                ask(f"mutant_now == {mutant[0]}")
            put(self._mutated(slot, mutant), mutant[0])
            self._write("\n" if last else joins + "\n")
        if guarded:
            if not exact:
                put(whole)
            self._write(closes + joins + "\n")
        self._write(opens if braces else value)
        self._emit(slot.begin, slot.end, inner)
        self._write(closes + closes)
        self.ranges.append((first, self.line, sorted(ours)))
