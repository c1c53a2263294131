"""What can be changed in a kernel's source so that a test must notice: mutants, one small change each.

Deterministic: the same source gives the same mutants in the same order. A mutant is named file:line:operator; where one
line gives several of one operator, :2, :3 ... follow. Comments, strings, preprocessor lines, and the branch that only
nvcc reads are left alone."""
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    name: str  # "flash.cuh:131:compare"
    file: str
    line: int  # from 1
    operator: str
    before: str  # the line as it is, stripped
    after: str  # and as it becomes; "" when it goes
    begin: int  # of what is changed, in characters from the file's first
    end: int
    other: str  # what it becomes

    def in_text(self, text):
        """The whole changed file."""
        return text[:self.begin] + self.other + text[self.end:]


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def without_comments(source):
    """Columns stay."""
    keep = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(rf"{keep}|/\*.*?\*/|//[^\n]*", lambda m: m.group() if m.group()[0] in "\"'" else blank(m), source,
                  flags=re.S)


def code_of(source):
    """The source with all that is not to be changed turned into blanks: columns stay."""
    code = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, source, flags=re.S)
    code = re.sub(r"__launch_bounds__\([^()]*\)|template <[^<>]*>|static_assert\([^;]*;", blank, code)
    lines, skipped = code.split("\n"), []
    for i, line in enumerate(lines):
        words = line.split()
        if words and words[0] in ("#if", "#ifdef", "#ifndef"):
            skipped.append("__CUDACC__" in words and words[0] == "#ifdef")
        elif words and words[0] == "#else":
            skipped[-1] = False
        elif words and words[0] == "#endif":
            skipped.pop()
        if any(skipped) or line.lstrip().startswith("#") or (i and lines[i - 1].rstrip().endswith("\\")):
            lines[i] = " " * len(line)
    return "\n".join(lines)


# Operator, what it looks for in a line of code, what the first group becomes.
EXCHANGES = [
    ("plus_minus", r"(?<=[\w)\]] )(\+)(?= )", ["-"]),
    ("plus_minus", r"(?<=[\w)\]] )(-)(?= )", ["+"]),
    ("times_over", r"(?<=[\w)\]] )(\*)(?= )", ["/"]),
    ("times_over", r"(?<=[\w)\]] )(/)(?= )", ["*"]),
    ("modulo", r" (%) ", ["/"]),
    ("compare", r" (<) ", ["<=", ">="]),
    ("compare", r" (<=) ", ["<"]),
    ("compare", r" (>) ", [">=", "<="]),
    ("compare", r" (>=) ", [">"]),
    ("compare", r" (==) ", ["!="]),
    ("compare", r" (!=) ", ["=="]),
    ("and_or", r" (&&) ", ["||"]),
    ("and_or", r" (\|\|) ", ["&&"]),
    ("bits", r"(?<=[\w)\]]) (\^|&|\|) ", ["+"]),
    ("bits", r" (<<|>>) ", ["-"]),
    ("not", r"(!)(?=[\w(])", [""]),
    ("assign", r" (\+=) ", ["-=", "="]),
    ("assign", r" (-=) ", ["+="]),
    ("assign", r" (\*=) ", ["="]),
    ("assign", r" (/=) ", ["="]),
    ("min_max", r"\b(fmaxf|max)\b(?=\()", ["fminf"]),
    ("min_max", r"\b(fminf|min)\b(?=\()", ["fmaxf"]),
    ("exchange", r"(?<=__shfl_)(xor)(?=_sync)", ["up"]),
    ("lane_mask", r"\b(0xffffffffu)\b", ["0x0000ffffu"]),
    ("narrow", r"\b(int64_t)(?= \w)", ["int32_t"]),
    ("narrow", r"(\(int64_t\))", [""]),
    ("infinity", r"(-INFINITY)\b", ["0.0f"]),
    ("constant", r"(?<![\w.])(0\.0f|1\.0f)\b", ["2.0f"]),
    ("first_last", r"\.(first)\b", ["last"]),
    ("first_last", r"\.(last)\b", ["first"]),
    ("names", r"\b(len_q)\b", ["len_kv"]),
    ("names", r"\b(len_kv)\b", ["len_q"]),
    ("names", r"(?<=[.>])(heads)\b", ["kv_heads"]),
    ("names", r"(?<=[.>])(kv_heads)\b", ["heads"]),
    ("names", r"\b(left)\b", ["right"]),
    ("names", r"\b(right)\b", ["left"]),
    ("names", r"\b(load_matrices)(?=\()", ["load_matrices_transposed"]),
    ("names", r"\b(load_matrices_transposed)(?=\()", ["load_matrices"]),
    ("names", r"\b(q_tile)\b", ["k_tile"]),
    ("names", r"\b(k_tile)\b", ["v_tile"]),
    ("swap_index", r"(\[\w+\]\[\w+\])", [lambda text: "".join(reversed(re.findall(r"\[\w+\]", text)))]),
]

BARRIERS = r"__syncthreads|__syncwarp|copy_async_commit|copy_async_wait|copy_async16|copy_async|barrier|fence"


def constants(code):
    for match in re.finditer(r"(?<![\w.])(\d+)(u?)(?![\w.])", code):
        number = int(match.group(1))
        for other in [number + 1, number - 1] if number else [1]:
            yield "constant", match.span(1), str(other)


def closing(code, at):
    """Where the parenthesis that opens at `at` closes in this line, or -1."""
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if depth == 0:
            return i
    return -1


def operand(code, at, step):
    """The end of the operand of && or || that lies from `at` on in the direction of `step`."""
    depth, opens, closes = 0, "([{", ")]}"
    if step < 0:
        opens, closes = closes, opens
    while 0 <= at < len(code):
        c = code[at]
        if depth == 0 and (c in closes or c in ";?:," or code[at:at + 2] in ("&&", "||")
                           or code[at - 1:at + 1] in ("&&", "||")):
            break
        if depth == 0 and step < 0 and (code[at:at + 3] == " = " or code[max(0, at - 6):at + 1] == "return "):
            break
        depth += (c in opens) - (c in closes)
        at += step
    return at


def conditions(code):
    for match in re.finditer(r" (&&|\|\|) ", code):
        neutral = "true" if match.group(1) == "&&" else "false"
        end = operand(code, match.end(), 1)
        while end > match.end() and code[end - 1] == " ":
            end -= 1
        if end > match.end():
            yield "drop_condition", (match.end(), end), neutral
        begin = operand(code, match.start() - 1, -1) + 1
        while begin < match.start() and code[begin] == " ":
            begin += 1
        if begin < match.start():
            yield "drop_condition", (begin, match.start()), neutral
    for match in re.finditer(r"\bif \(", code):
        end = closing(code, match.end() - 1)
        if end > 0:
            yield "if", (match.end(), end), "true"
            yield "if", (match.end(), end), "false"
    for match in re.finditer(r" (\?) ", code):
        yield "ternary", match.span(1), "|| true ?"
        yield "ternary", match.span(1), "&& false ?"


def exchanges(code):
    for operator, pattern, becomes in EXCHANGES:
        for match in re.finditer(pattern, code):
            for other in becomes:
                yield operator, match.span(1), other(match.group(1)) if callable(other) else other
    # clang-format glues the star to a macro's argument: BLOCK_Q *D.
    for match in re.finditer(r"(?<=[A-Z]) (\*)(?=[A-Z(])", code):
        yield "times_over", match.span(1), "+ "


def statements(code):
    stripped = code.strip()
    if re.fullmatch(rf"({BARRIERS})\w*(<\w+>)?\([^;]*\);", stripped):
        yield "remove_barrier", (code.index(stripped), len(code.rstrip())), ";"
    elif re.fullmatch(r"\w+(<[^;]*>)?\([^;]*\);|[\w.>\[\]\- +*/()%]+ [-+*/]?= [^;{]*;|continue;|return;", stripped):
        if not re.match(r"(const |static |float|int|double|bool|size_t|uint|struct |dim3|enum )", stripped):
            yield "remove_statement", (code.index(stripped), len(code.rstrip())), ";"


def mutants_of(file, source):
    code = code_of(source)
    source_lines, found, start = source.split("\n"), [], 0
    for number, (line, of_code) in enumerate(zip(source_lines, code.split("\n")), 1):
        line_start, start = start, start + len(line) + 1
        if not of_code.strip():
            continue
        changes = [*exchanges(of_code), *constants(of_code), *conditions(of_code), *statements(of_code)]
        seen, counts = {line}, {}
        for operator, (begin, end), other in sorted(changes, key=lambda c: (c[1], c[0], c[2])):
            changed = line[:begin] + other + line[end:]
            if changed in seen:
                continue
            seen.add(changed)
            counts[operator] = counts.get(operator, 0) + 1
            again = f":{counts[operator]}" if counts[operator] > 1 else ""
            found.append(Mutant(f"{file}:{number}:{operator}{again}", file, number, operator, line.strip(),
                                changed.strip(), line_start + begin, line_start + end, other))
    return found
