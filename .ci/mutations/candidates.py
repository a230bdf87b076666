"""Finds what can be mutated in a source: each candidate is a line, words for a person, and edits of the text."""

from dataclasses import dataclass

from swift_text import FUNCTIONS, TYPES, Outline

COMPARISONS = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
}
LOGIC = {"&&": "||", "||": "&&"}
ARITHMETIC = {"+": "-", "-": "+"}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "|=", "&=", "^="}
KEYWORDS = FUNCTIONS | TYPES | {
    "if", "guard", "while", "for", "switch", "return", "let", "var", "throw", "break", "continue", "defer", "do",
    "repeat", "case", "default", "import", "typealias", "fallthrough", "get", "set", "super", "await",
}

LONGEST = 90  # characters of code that are told


@dataclass(frozen=True)
class Edit:
    """Replaces the text from `start` to `end`. `{n}` stands for the number of the mutation, `{op}` for its operator."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Candidate:
    path: str
    line: int
    source: str  # the text of the line, without its indentation
    change: str  # what a person is told: before -> after
    edits: tuple
    operator: tuple = ()  # kind, before, after: where an operator of its own takes the place of another

    @property
    def key(self):
        """By this it is known again in `.ci/mutations-equivalent.txt`."""
        return (self.path, self.source, self.change)


class Finder:
    """Walks one source."""

    def __init__(self, path, text):
        self.path, self.outline = path, Outline(text)
        self.tokens, self.text = self.outline.tokens, text
        self.lines = text.split("\n")
        self.found = []

    def all(self):
        for i, token in enumerate(self.tokens):
            if token.is_code:
                self._token(i, token)
        for block in self.outline.blocks:
            if block.kind == "switch":
                self._cases(block)
        for statement in self.outline.statements:
            self._left_out(statement)
        return self.found

    def _add(self, i, change, *edits, operator=()):
        line = self.tokens[i].line
        self.found.append(
            Candidate(self.path, line, self.lines[line - 1].strip(), change, tuple(edits), operator))

    def _slice(self, first, last):
        words = " ".join(self.text[self.tokens[first].start:self.tokens[last].end].split())
        return words if len(words) <= LONGEST else words[:LONGEST] + "…"

    # Tokens

    def _token(self, i, token):
        if token.kind == "operator":
            self._operator(i, token)
        elif token.kind == "number":
            self._number(i, token)
        elif token.kind == "word":
            self._word(i, token)

    def _operator(self, i, token):
        is_binary = token.space_before and token.space_after
        if token.text == "!" and not token.space_after and self._is_prefix(i):
            self._replace(i, "prefix", "!", "")
        if not is_binary:
            return
        for after in COMPARISONS.get(token.text, ()):
            self._replace(i, "comparison", token.text, after)
        if token.text in LOGIC:
            self._replace(i, "logic", token.text, LOGIC[token.text])
        neighbours = (self.tokens[i - 1].kind, self.tokens[i + 1].kind)
        if token.text in ARITHMETIC and "string" not in neighbours:
            self._replace(i, "arithmetic", token.text, ARITHMETIC[token.text])

    def _is_prefix(self, i):
        return self.tokens[i].space_before or self.tokens[i - 1].text in ("(", "[", "{")

    def _replace(self, i, kind, before, after):
        token = self.tokens[i]
        told = f"`{before}` -> `{after}`" if after else f"`{before}` removed"
        nth = self.lines[token.line - 1][: self._column(token)].count(f" {before} ")
        told += f" (number {nth + 1} in the line)" if nth else ""
        self._add(i, told, Edit(token.start, token.end, "{op}"), operator=(kind, before, after))

    def _column(self, token):
        return token.start - (self.text.rfind("\n", 0, token.start) + 1)

    def _number(self, i, token):
        previous, following = self.tokens[i - 1], self.tokens[i + 1]
        if previous.text == "." or self._is_label(following):
            return
        told = f"`{token.text}` -> `{token.text} + 1`"
        self._add(i, told, Edit(token.start, token.end, f"plantedOffByOne({{n}}, {token.text})"))

    def _is_label(self, following):
        """Of a dictionary, and no end of a choice."""
        return following.text == ":" and not following.space_before

    def _word(self, i, token):
        previous, following = self.tokens[i - 1], self.tokens[i + 1]
        if token.text in ("true", "false") and previous.text != "." and not self._is_label(following):
            other, text = ("false", "!") if token.text == "true" else ("true", "")
            self._add(i, f"`{token.text}` -> `{other}`", Edit(token.start, token.end, f"({text}planted({{n}}))"))
        elif token.text in ("min", "max") and following.text == "(" and previous.text != ".":
            other = "min" if token.text == "max" else "max"
            edit = Edit(token.start, following.end, f"planted{token.text.capitalize()}({{n}}, ")
            self._add(i, f"`{token.text}` -> `{other}`", edit)
        elif token.text in ("if", "guard", "while") and previous.text != ".":
            self._conditions(i)
        elif token.text == "return":
            self._choice(i)

    # Conditions

    def _conditions(self, keyword):
        ends = "else" if self.tokens[keyword].text == "guard" else "{"
        at, first = keyword + 1, keyword + 1
        while at < len(self.tokens) and self.tokens[at].text != ends:
            token = self.tokens[at]
            if token.text == ",":
                self._condition(first, at - 1)
                first = at + 1
            at = token.match + 1 if token.match > at else at + 1
        self._condition(first, at - 1)

    def _condition(self, first, last):
        word = self.tokens[first].text
        if word in ("let", "var", "case"):
            start = self.tokens[first].start
            told = f"condition `{self._slice(first, last)}` fails"
            self._add(first, told, Edit(start, start, "!planted({n}), "))
        elif not word.startswith("#"):
            self._forced(first, last)

    def _forced(self, first, last):
        told = self._slice(first, last)
        start = first + 1 if self.tokens[first].text == "try" else first
        begin, end = self.tokens[start].start, self.tokens[last].end
        for value, text in (("true", "(planted({n}) || ("), ("false", "(!planted({n}) && (")):
            self._add(first, f"condition `{told}` -> `{value}`", Edit(begin, begin, text), Edit(end, end, "))"))

    def _choice(self, keyword):
        """`return condition ? a : b`, the two exchanged."""
        at = keyword + 1
        while at < len(self.tokens) and self.tokens[at].line == self.tokens[keyword].line:
            token = self.tokens[at]
            if token.text == "?" and token.space_before and at > keyword + 1:
                return self._exchanged(keyword + 1, at - 1)
            if token.text in ("}", ";", "??"):
                return None
            at = token.match + 1 if token.match > at else at + 1
        return None

    def _exchanged(self, first, last):
        told = f"choice by `{self._slice(first, last)}` exchanged"
        begin, end = self.tokens[first].start, self.tokens[last].end
        self._add(first, told, Edit(begin, begin, "(planted({n}) != ("), Edit(end, end, "))"))

    # Cases

    def _cases(self, block):
        has_default = any(self.tokens[label.first].text == "default" for label in block.labels)
        for label in block.labels:
            if self.tokens[label.first].text == "default":
                continue
            is_guarded = any(self.tokens[i].text == "where" for i in range(label.first, label.colon))
            told = f"`{self._slice(label.first, label.colon)}` left out"
            colon = self.tokens[label.colon].start
            if has_default and not is_guarded:
                self._add(label.colon, told, Edit(colon, colon, " where !planted({n})"))
            elif not has_default and label.statements and not self._is_value(block, label.statements):
                self._add(label.colon, told, Edit(colon + 1, colon + 1, " if planted({n}) {{ break }};"))

    def _is_value(self, block, statements):
        """Whether a case stands for a value, or always leaves the function."""
        if self.tokens[statements[-1].first].text in ("return", "break", "throw"):
            return True
        return len(statements) == 1 and (block.function is None or block.function.returns)

    # Statements

    def _left_out(self, statement):
        block = statement.block
        if block.kind == "type" or self.tokens[statement.first].text in KEYWORDS:
            return
        if self._is_assignment(statement):
            what = "assignment"
        elif self._is_call(statement) and not self._is_result(statement):
            what = "call"
        else:
            return
        begin, end = self.tokens[statement.first].start, self.tokens[statement.last].end
        told = f"{what} `{self._slice(statement.first, statement.last)}` left out"
        self._add(statement.first, told, Edit(begin, begin, "if !planted({n}) {{ "), Edit(end, end, " }}"))

    def _is_assignment(self, statement):
        if self.tokens[statement.first].text == "_" or not self._may_stay_unset(statement):
            return False
        at = statement.first
        while at < statement.last:
            token = self.tokens[at]
            if token.text == "{":
                return False
            if token.kind == "operator" and token.text in ASSIGNMENTS and token.space_before:
                return True
            at = token.match + 1 if token.match > at else at + 1
        return False

    def _may_stay_unset(self, statement):
        function = statement.block.function
        return function is None or function.name != "init" or function.delegates

    def _is_call(self, statement):
        first = statement.first + (self.tokens[statement.first].text == "try")
        if self.tokens[first].kind != "word" or self.tokens[first].text in KEYWORDS:
            return False
        at, called = first, False
        while at <= statement.last:
            token = self.tokens[at]
            if token.text in ("(", "{", "["):
                called, at = called or token.text != "[", token.match + 1
            elif token.kind == "word" or token.text in (".", "?"):
                at += 1
            else:
                return False
        return called and self.tokens[first + 1].text != "init" and not self._delegates(first)

    def _delegates(self, first):
        return self._slice(first, min(first + 2, len(self.tokens) - 1)).replace(" ", "") == "self.init"

    def _is_result(self, statement):
        block = statement.block
        if len(statement.siblings) > 1:
            return False
        return block.function is None or block.function.returns and block.kind in ("code", "switch", "closure")
