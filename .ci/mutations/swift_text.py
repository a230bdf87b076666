"""Swift source as tokens, and its blocks and statements: as much of the language as formatted sources need."""

import re
from dataclasses import dataclass, field

OPERATOR = "/=-+!*%<>&|^~?"
WORD = re.compile(r"[A-Za-z_$`][A-Za-z0-9_`]*")
NUMBER = re.compile(r"0x[0-9A-Fa-f_]+|[0-9][0-9_]*(\.[0-9][0-9_]*)?")
RAW_STRING = re.compile(r'#+"')
PAIRS = {"(": ")", "[": "]", "{": "}"}


class SourceError(Exception):
    """A source that this reader does not understand."""


@dataclass
class Token:
    kind: str  # word, number, string, attribute, directive, operator, or mark (brackets and the rest)
    text: str
    start: int
    end: int
    line: int  # from 1
    space_before: bool
    space_after: bool = False
    match: int = -1  # the index of the bracket that belongs to this one
    is_code: bool = False  # an expression that runs, and no signature, pattern or type


def tokens(text):
    """The tokens of a source without its comments; brackets know each other."""
    found, at, line, n = [], 0, 1, len(text)
    while at < n:
        c = text[at]
        if c.isspace():
            line += c == "\n"
            at += 1
            continue
        if text.startswith("//", at):
            at = text.find("\n", at)
            at = n if at < 0 else at
            continue
        if text.startswith("/*", at):
            end = end_of_comment(text, at)
            line += text.count("\n", at, end)
            at = end
            continue
        kind, end = next_token(text, at)
        found.append(Token(kind, text[at:end], at, end, line, at == 0 or text[at - 1].isspace()))
        found[-1].space_after = end >= n or text[end].isspace()
        line += text.count("\n", at, end)
        at = end
    return paired(found)


def next_token(text, at):
    """Kind and end of the token that begins here."""
    c = text[at]
    if c == '"' or RAW_STRING.match(text, at):
        return "string", end_of_string(text, at)
    if c in "@#":
        return "attribute" if c == "@" else "directive", WORD.match(text, at + 1).end()
    for kind, pattern in (("word", WORD), ("number", NUMBER)):
        if match := pattern.match(text, at):
            return kind, match.end()
    if c in OPERATOR or text.startswith("..", at):
        end = at + 1
        while end < len(text) and (text[end] in OPERATOR or (c == "." and text[end] == ".")):
            end += 1
        return "operator", end
    return "mark", at + 1


def end_of_comment(text, at):
    depth = 0
    while at < len(text):
        if text.startswith("/*", at):
            depth, at = depth + 1, at + 2
        elif text.startswith("*/", at):
            depth, at = depth - 1, at + 2
            if depth == 0:
                return at
        else:
            at += 1
    raise SourceError("a comment does not end")


def end_of_string(text, at):
    """Behind a string literal; what is interpolated belongs to it."""
    hashes = len(text[at:]) - len(text[at:].lstrip("#"))
    at += hashes
    quote = '"""' if text.startswith('"""', at) else '"'
    close, escape = quote + "#" * hashes, "\\" + "#" * hashes
    at += len(quote)
    while at < len(text):
        if text.startswith(close, at):
            return at + len(close)
        if text.startswith(escape + "(", at):
            at = end_of_interpolation(text, at + len(escape))
        else:
            at += 2 if text[at] == "\\" and not hashes else 1
    raise SourceError("a string does not end")


def end_of_interpolation(text, at):
    depth = 0
    while at < len(text):
        if text[at] == '"':
            at = end_of_string(text, at)
            continue
        depth += (text[at] == "(") - (text[at] == ")")
        at += 1
        if depth == 0:
            return at
    raise SourceError("an interpolation does not end")


def paired(found):
    """The same tokens, with the brackets that belong together."""
    open_ones = []
    for i, token in enumerate(found):
        if token.kind != "mark":
            continue
        if token.text in PAIRS:
            open_ones.append(i)
        elif token.text in PAIRS.values():
            if not open_ones or PAIRS[found[open_ones[-1]].text] != token.text:
                raise SourceError(f"line {token.line}: a bracket belongs to no other")
            token.match = open_ones.pop()
            found[token.match].match = i
    if open_ones:
        raise SourceError(f"line {found[open_ones[-1]].line}: a bracket is not closed")
    return found


TYPES = {"struct", "enum", "extension", "class", "protocol", "actor"}
FUNCTIONS = {"func", "init", "subscript", "deinit"}
MODIFIERS = {
    "public", "private", "fileprivate", "internal", "package", "static", "final", "mutating", "nonmutating",
    "override", "lazy", "weak", "unowned", "required", "convenience", "indirect", "nonisolated", "set", "isolated",
    "prefix", "postfix", "infix", "consuming", "borrowing",
}


@dataclass
class Block:
    """What stands between two braces, or the whole file (`opens` is -1)."""

    kind: str  # type, code, closure or switch
    opens: int
    closes: int
    function: "Function | None" = None
    parent: "Statement | None" = None
    statements: list = field(default_factory=list)
    labels: list = field(default_factory=list)


@dataclass
class Function:
    """The function or accessor in which a statement stands."""

    name: str
    returns: bool
    first_line: int
    last_line: int
    delegates: bool = True  # false for an initializer that sets the properties itself


@dataclass
class Label:
    """`case ...:` or `default:` of a switch."""

    first: int
    colon: int
    statements: list = field(default_factory=list)


@dataclass
class Statement:
    first: int
    last: int  # the last token of it
    block: Block
    siblings: list  # the statements of its block, or of its case


class Outline:
    """The blocks and statements of a source; marks the tokens that are code."""

    def __init__(self, text):
        self.text = text
        self.tokens = tokens(text)
        self.blocks, self.statements, self.functions = [], [], []
        self._block(Block("type", -1, len(self.tokens)))

    def _block(self, block):
        self.blocks.append(block)
        at, label = block.opens + 1, None
        if block.kind == "closure":
            at = self._after_closure_signature(block)
        while at < block.closes:
            token = self.tokens[at]
            if token.text == ";":
                at += 1
                continue
            if block.kind == "switch" and token.text in ("case", "default"):
                label = Label(at, self._colon(at))
                block.labels.append(label)
                self._mark_where(at, label.colon)
                at = label.colon + 1
                continue
            siblings = label.statements if label else block.statements
            statement = Statement(at, self._end(at, block.closes), block, siblings)
            siblings.append(statement)
            self.statements.append(statement)
            self._statement(statement)
            at = statement.last + 1

    def _after_closure_signature(self, block):
        line = self.tokens[block.opens].line
        for i in range(block.opens + 1, block.closes):
            token = self.tokens[i]
            if token.line != line or token.text in ("for", "{", "=") or token.kind == "string":
                break
            if token.text == "in":
                return i + 1
        return block.opens + 1

    def _colon(self, at):
        while self.tokens[at].text != ":":
            at = self.tokens[at].match + 1 if self.tokens[at].match > at else at + 1
        return at

    def _mark_where(self, first, end):
        is_code = False
        for i in range(first, end):
            is_code = is_code or self.tokens[i].text == "where"
            self.tokens[i].is_code = is_code

    def _end(self, at, limit):
        """The last token of the statement that begins here."""
        while True:
            token = self.tokens[at]
            if token.match > at:
                at = token.match
            following = at + 1
            if following >= limit or self.tokens[following].text == ";":
                return at
            if self.tokens[following].text in ("case", "default") and self._begins_line(following):
                return at
            if self._begins_line(following) and not self._goes_on(at, following):
                return at
            at = following

    def _begins_line(self, i):
        previous = self.tokens[i - 1]
        return self.tokens[i].line > previous.line + previous.text.count("\n")

    def _goes_on(self, at, following):
        before, after = self.tokens[at], self.tokens[following]
        if before.text in (",", ":", "=", "(", "return", "else") or after.text in (".", ":", "else", "{", ",", "catch"):
            return True
        if before.kind == "attribute" or (before.kind == "operator" and before.space_before):
            return True
        if self.tokens[at].text == ")" and self.tokens[self.tokens[at].match - 1].kind == "attribute":
            return True
        return after.text in ("where", "throws") or (after.kind == "operator" and after.space_after)

    def keyword(self, statement):
        """The first word behind attributes and modifiers, and its index."""
        i = statement.first
        while i < statement.last:
            token = self.tokens[i]
            if token.kind == "attribute":
                i = self.tokens[i + 1].match + 1 if self.tokens[i + 1].text == "(" else i + 1
            elif token.text in MODIFIERS:
                i = self.tokens[i + 1].match + 1 if self.tokens[i + 1].text == "(" else i + 1
            else:
                break
        return self.tokens[i].text, i

    def _statement(self, statement):
        word, at = self.keyword(statement)
        if word == "class" and self.tokens[at + 1].text in ("func", "var"):
            word, at = self.tokens[at + 1].text, at + 1
        if word in TYPES:
            self._declaration(statement, at, "type", statement.block.function)
        elif word in FUNCTIONS and statement.block.kind != "closure" and self.tokens[at + 1].text != ".":
            self._function(statement, at, word)
        elif statement.block.kind == "type" and word in ("var", "let"):
            self._property(statement, at)
        elif statement.block.kind == "type" or word in ("import", "typealias") or word.startswith("#"):
            return
        else:
            self._code(statement.first, statement.last, statement, statement.block.function)

    def _declaration(self, statement, at, kind, function):
        opens = self._brace(at, statement.last)
        if opens is not None:
            self._block(Block(kind, opens, self.tokens[opens].match, function, statement))

    def _brace(self, at, last):
        while at <= last:
            if self.tokens[at].text == "{":
                return at
            at = self.tokens[at].match + 1 if self.tokens[at].match > at else at + 1
        return None

    def _function(self, statement, at, word):
        opens = self._brace(at, statement.last)
        if opens is None:
            return
        returns = word == "subscript" or any(self.tokens[i].text == "->" for i in range(at, opens))
        name = self.tokens[at + 1].text if word == "func" else word
        function = self._found(name, returns, at, opens)
        if word == "init":
            inside = self.tokens[opens:self.tokens[opens].match]
            texts = [token.text for token in inside]
            function.delegates = any(texts[i:i + 3] == ["self", ".", "init"] for i in range(len(texts)))
        self._block(Block("code", opens, self.tokens[opens].match, function, statement))

    def _found(self, name, returns, at, opens):
        closes = self.tokens[opens].match
        function = Function(name, returns, self.tokens[at].line, self.tokens[closes].line)
        self.functions.append(function)
        return function

    def _property(self, statement, at):
        equals = next((i for i in range(at, statement.last + 1) if self.tokens[i].text in ("=", "{")), None)
        if equals is None:
            return
        if self.tokens[equals].text == "{":
            function = self._found(self.tokens[at + 1].text, True, at, equals)
            self._block(Block("code", equals, self.tokens[equals].match, function, statement))
        else:
            self._code(equals + 1, statement.last, statement, None)

    def _code(self, first, last, statement, function):
        i, is_switch, pattern_ends = first, False, -1
        while i <= last:
            token = self.tokens[i]
            token.is_code = i > pattern_ends
            if token.text in ("switch",):
                is_switch = True
            elif token.text == "case" and token.kind == "word":
                pattern_ends = self._equals(i, last)
            elif token.text == "{":
                kind = "switch" if is_switch else "code" if self._is_body(i, statement) else "closure"
                is_switch = False
                self._block(Block(kind, i, token.match, function, statement))
                i = token.match
            i += 1

    def _equals(self, at, last):
        while at < last and self.tokens[at].text not in ("=", "in"):
            at += 1
        return at

    def _is_body(self, i, statement):
        word = self.tokens[statement.first].text
        if word in ("if", "guard", "while", "for", "do", "repeat", "defer"):
            return self.tokens[i - 1].text in ("else", "do", "repeat", "defer") or self.depth_zero(statement.first, i)
        return self.tokens[i - 1].text == "else"

    def depth_zero(self, first, i):
        """Whether a token stands in no bracket that was opened since `first`."""
        at = first
        while at < i:
            at = self.tokens[at].match + 1 if self.tokens[at].match > at else at + 1
        return at == i
