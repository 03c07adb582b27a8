# SPDX-License-Identifier: MIT
"""Small mistakes, made on purpose: what tools/mutate puts into a C source, one at a time.

Works on tokens, not on a syntax tree. So it can make what no compiler takes, which costs a moment
and counts for nothing. It keeps off comments, the preprocessor, assertions (they are no behaviour)
and names for documents.
"""

import re
import typing


class Mutant(typing.NamedTuple):
    """One change: text[start:end] becomes new."""

    start: int
    end: int
    new: str
    function: str  # where it is; empty outside of functions
    line: int
    kind: str
    was: str  # the line or lines, as one
    becomes: str


class Token(typing.NamedTuple):
    kind: str  # word, number, char, string, sign
    text: str
    start: int
    end: int
    function: str


TOKEN = re.compile(
    r"""(?P<skip>\s+|/\*.*?\*/|//[^\n]*)
      | (?P<line>(?<![^\n])[ \t]*\#(?:[^\n]*\\\n)*[^\n]*)
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<char>'(?:[^'\\\n]|\\.)+')
      | (?P<number>(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)""",
    re.X | re.S,
)

TYPE_WORDS = {
    "void", "char", "short", "int", "long", "unsigned", "signed", "bool", "float", "double",
    "struct", "union", "enum", "const", "static", "extern", "inline", "typedef", "volatile",
    "register", "_Noreturn",
}  # fmt: skip
CONTROL = {"if", "while", "for", "switch"}
# Behind these an operator is unary.
NOT_A_VALUE = {"return", "case", "else", "do", "sizeof", "goto"}
# No behaviour, or nothing but names for documents.
UNTOUCHED = {"_Static_assert", "ATC_ASSERT", "ATC_DOC"}

SWAPS = {
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "==": ["!="],
    "!=": ["=="],
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "%": ["/"],
    "&": ["|"],
    "|": ["&"],
    "^": ["|"],
    "<<": [">>"],
    ">>": ["<<"],
    "&&": ["||"],
    "||": ["&&"],
    "+=": ["-=", "="],
    "-=": ["+=", "="],
    "*=": ["="],
    "/=": ["="],
    "|=": ["&=", "="],
    "&=": ["|=", "="],
    "<<=": ["="],
    ">>=": ["="],
    "++": ["--"],
    "--": ["++"],
}
KINDS = {
    "comparison": {"<", "<=", ">", ">=", "==", "!="},
    "arithmetic": {"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"},
    "logic": {"&&", "||"},
    "assignment": {"+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "++", "--"},
}
KIND_OF = {sign: kind for kind, signs in KINDS.items() for sign in signs}
WORDS = {"true": "false", "false": "true", "break": None, "continue": None}


def is_type(word):
    return word in TYPE_WORDS or word.endswith("_t")


def tokens_of(text):
    """The tokens of a source, each with the function it stands in."""
    found, depth, function, name, round_depth = [], 0, "", "", 0
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        at = match.end()
        kind, sign = match.lastgroup, match.group()
        if kind in ("skip", "line"):
            continue
        if sign == "(" and depth == 0 and round_depth == 0:
            name = found[-1].text if found and found[-1].kind == "word" else ""
        if sign in "()":
            round_depth += 1 if sign == "(" else -1
        if sign == "{":
            if depth == 0 and found and found[-1].text == ")":
                function = name
            depth += 1
        found.append(Token(kind, sign, match.start(), at, function))
        if sign == "}":
            depth -= 1
            if depth == 0:
                function = ""
    return found


class Source:
    def __init__(self, text):
        self.text = text
        self.tokens = tokens_of(text)
        self.partner = self.pair()
        self.in_brackets = self.inside_brackets()
        self.untouched = self.keep_off()
        self.returns_bool = self.bool_functions()

    def pair(self):
        """For each bracket the place of the other one."""
        partner, open_at = {}, []
        for i, token in enumerate(self.tokens):
            if token.kind != "sign":
                continue
            if token.text in "([{":
                open_at.append(i)
            elif token.text in ")]}":
                other = open_at.pop()
                partner[other], partner[i] = i, other
        return partner

    def inside_brackets(self):
        """The tokens of the heads of for loops and the like: no statements begin there."""
        places = set()
        for i, token in enumerate(self.tokens):
            if token.text == "(":
                places.update(range(i, self.partner[i]))
        return places

    def keep_off(self):
        places = set()
        for i, token in enumerate(self.tokens):
            if token.text in UNTOUCHED and i + 1 in self.partner:
                places.update(range(i, self.partner[i + 1] + 1))
            if token.text == "[" and self.is_array(i):
                places.update(range(i, self.partner[i] + 1))
        return places

    def is_array(self, i):
        """Whether a bracket holds the size in a declaration: int x[4]."""
        if i < 2 or self.tokens[i - 1].kind != "word":
            return False
        before = self.tokens[i - 2]
        if before.text == "*":
            before = self.tokens[i - 3]
        word = before.kind == "word" and before.text not in NOT_A_VALUE
        return word or (before.text == "]" and self.is_array(self.partner[i - 2]))

    def bool_functions(self):
        names = set()
        for i, token in enumerate(self.tokens[:-2]):
            if token.text == "bool" and not token.function and self.tokens[i + 2].text == "(":
                names.add(self.tokens[i + 1].text)
        return names

    def is_binary(self, i):
        """Whether + - * & at this place has something to its left."""
        before = self.tokens[i - 1]
        if before.kind in ("number", "char"):
            return True
        if before.kind == "word":
            if before.text in NOT_A_VALUE or is_type(before.text):
                return False
            # struct x *y
            return i < 2 or self.tokens[i - 2].text not in ("struct", "union", "enum")
        if before.text == ")":
            inner = [t.text for t in self.tokens[self.partner[i - 1] + 1 : i - 1]]
            cast = inner and all(is_type(w) or w == "*" for w in inner[:1] + inner[-1:])
            return not (cast and (len(inner) < 3 or inner[0] in TYPE_WORDS))
        return before.text == "]"

    def operand_start(self, i, stops):
        """Where the operand that ends before token i begins."""
        i -= 1
        while i >= 0:
            text = self.tokens[i].text
            if text in ")]}":
                i = self.partner[i]
            elif text in stops or text in "([{,;?:" or text in ("=", "return", "case", "+=", "|="):
                return i + 1
            i -= 1
        return 0

    def operand_end(self, i, stops):
        """Where the operand that begins behind token i ends, one further."""
        i += 1
        while i < len(self.tokens):
            text = self.tokens[i].text
            if text in ("(", "[", "{"):
                i = self.partner[i]
            elif text in stops or text in ")]},;?:":
                return i
            i += 1
        return i

    def statement_start(self, i):
        """Whether a statement can begin at token i."""
        before = self.tokens[i - 1]
        if before.text in (";", "{", "}", "else", "do"):
            return i not in self.in_brackets
        if before.text == ":":  # of a case, not of a ?:
            k = i - 2
            while self.tokens[k].text not in (";", "{", "}", "?", "case", "default"):
                k -= 1
            return self.tokens[k].text in ("case", "default")
        if before.text == ")":
            opened = self.partner[i - 1]
            return self.tokens[opened - 1].text in CONTROL
        return False

    # --- the mutants ------------------------------------------------------------------------

    def change(self, kind, first, last, new):
        """Tokens first to last become new."""
        start, end = self.tokens[first].start, self.tokens[last].end
        from_line = self.text.rfind("\n", 0, start) + 1
        to_line = self.text.find("\n", end)
        was = self.text[from_line:to_line]
        becomes = self.text[from_line:start] + new + self.text[end:to_line]
        return Mutant(
            start, end, new, self.tokens[first].function,
            self.text.count("\n", 0, start) + 1, kind, squeeze(was), squeeze(becomes),
        )  # fmt: skip

    def operators(self, i):
        sign = self.tokens[i].text
        if sign in "+-*&" and not self.is_binary(i):
            return
        for new in SWAPS[sign]:
            yield self.change(KIND_OF[sign], i, i, new)

    def operands(self, i):
        """a && b: a alone, b alone."""
        sign = self.tokens[i].text
        left = self.operand_start(i, ("||",) if sign == "||" else ("||", "&&"))
        right = self.operand_end(i, ("||",) if sign == "||" else ("||", "&&"))
        neutral = "0" if sign == "||" else "1"
        yield self.change("operand", left, i - 1, neutral)
        yield self.change("operand", i + 1, right - 1, neutral)

    def numbers(self, i):
        token = self.tokens[i]
        digits = re.match(r"0[xX][0-9a-fA-F]+|\d+", token.text).group()
        suffix = token.text[len(digits) :]
        value = int(digits, 0)
        for other in (value + 1, value - 1):
            if other >= 0:
                yield self.change("constant", i, i, f"{other}{suffix}")

    def conditions(self, i):
        """if (c), while (c), for (;c;): the opposite."""
        word = self.tokens[i].text
        first, last = i + 2, self.partner[i + 1] - 1
        if word == "for":
            parts = [k for k in range(first, last + 1) if self.tokens[k].text == ";"]
            first, last = parts[0] + 1, parts[1] - 1
        if first <= last and word != "switch":
            inner = self.text[self.tokens[first].start : self.tokens[last].end]
            yield self.change("negated", first, last, f"!({inner})")

    def ternary(self, i):
        first = self.operand_start(i, ())
        inner = self.text[self.tokens[first].start : self.tokens[i - 1].end]
        yield self.change("negated", first, i - 1, f"!({inner})")

    def returns(self, i):
        """return x: nothing is returned here, or the opposite, or 0."""
        end = self.operand_end(i, ())
        k = i
        while self.tokens[k].text != ";":
            k = self.partner.get(k, k) + 1
        yield self.change("return", i, k, ";")
        if k == i + 1 or self.tokens[i].function == "":
            return
        inner = self.text[self.tokens[i + 1].start : self.tokens[k - 1].end]
        if self.tokens[i].function in self.returns_bool:
            if inner not in ("true", "false"):
                yield self.change("return", i + 1, k - 1, f"!({inner})")
        elif inner != "0" and end == k:
            yield self.change("return", i + 1, k - 1, "0")

    def deletions(self, i):
        """A statement that is an expression is left out."""
        token = self.tokens[i]
        if is_type(token.text) or token.text in CONTROL | UNTOUCHED | {"return", "else", "do", "case"}:
            return
        if token.kind == "word" and self.tokens[i + 1].kind == "word":
            return  # a declaration
        if token.text == "default" or token.text in "{};":
            return
        k = i
        while self.tokens[k].text != ";":
            if self.tokens[k].text in "{}":
                return
            k = self.partner.get(k, k) + 1
        if token.text == "(" and self.tokens[k - 1].kind == "word" and k - i == 4:
            return  # (void)x;
        yield self.change("deleted", i, k, ";")

    def at(self, i):
        token = self.tokens[i]
        if token.kind == "number":
            yield from self.numbers(i)
        elif token.kind == "char":
            yield self.change("constant", i, i, f"({token.text} + 1)")
        elif token.kind == "string":
            if token.text != '""':
                yield self.change("constant", i, i, '""')
        elif token.text in ("true", "false"):
            yield self.change("constant", i, i, WORDS[token.text])
        elif not token.function:
            return
        elif token.kind == "sign":
            if token.text in SWAPS:
                yield from self.operators(i)
            if token.text in ("&&", "||"):
                yield from self.operands(i)
            if token.text == "?":
                yield from self.ternary(i)
            if token.text == "!":
                yield self.change("negated", i, i, "")
        elif token.text in CONTROL:
            yield from self.conditions(i)
        elif token.text == "return":
            yield from self.returns(i)

    def mutants(self):
        seen = set()
        for i, token in enumerate(self.tokens):
            if i in self.untouched:
                continue
            made = list(self.at(i))
            if token.function and i and self.statement_start(i):
                made += self.deletions(i)
            for mutant in made:
                key = (mutant.start, mutant.end, mutant.new)
                if key not in seen:
                    seen.add(key)
                    yield mutant


def squeeze(text):
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    return " ".join(text.split())


def mutants_of(text):
    """All mutants of a C source."""
    return list(Source(text).mutants())


def apply(text, mutant):
    return text[: mutant.start] + mutant.new + text[mutant.end :]
