"""
The `where` of a source: a small grammar, parsed here, that can only compare columns.

    condition = both { "or" both }             both = single { "and" single }
    single    = "not" single | "(" condition ")" | column test
    test      = ("=" | "==" | "!=" | "<" | "<=" | ">" | ">=") value
              | ["not"] "in" "(" value { "," value } ")"
              | "is" ["not"] "blank"
    column    = name | `any name` in backticks
    value     = number | 'text' | "text" | true | false

Nothing is ever evaluated as code: `DataFrame.query` and `eval` would run what a scenario says.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from microdc.errors import Fault, InputError

MOST_CHARACTERS = 5_000
MOST_NESTED = 50
KEYWORDS = {"and", "or", "not", "in", "is", "blank", "true", "false"}
COMPARISONS = {"=": "==", "==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

Value: TypeAlias = str | float | bool


@dataclass(frozen=True, slots=True)
class Compare:
    """A column against one value; `op` is one of == != < <= > >=."""

    column: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class In:
    """A column against several values."""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """A column's cell is blank."""

    column: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    inner: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the conditions holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    parts: tuple["Condition", ...]


Condition: TypeAlias = Compare | In | Blank | Not | AllOf | AnyOf

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))
    | '(?P<single>[^']*)'
    | "(?P<double>[^"]*)"
    | `(?P<ticked>[^`]+)`
    | (?P<word>[^\W\d]\w*)
    | (?P<sign>==|!=|<=|>=|[=<>(),])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a condition: what kind it is, what it says, where it starts."""

    kind: str
    text: str
    at: int


def parse_where(text: str, file: str = "where", at: str = "") -> Condition:
    """Parse a condition; `file` and `at` say in an InputError where it was written."""
    return _Parser(text, file, at).condition_alone()


def columns_of(condition: Condition) -> list[str]:
    """List the columns that a condition names, each once, in the order written."""
    match condition:
        case Not(inner):
            return columns_of(inner)
        case AllOf(parts) | AnyOf(parts):
            return list(dict.fromkeys(c for part in parts for c in columns_of(part)))
        case _:
            return [condition.column]


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str, file: str, at: str) -> None:
        self.text, self.file, self.place = text, file, at
        self.nested = 0
        self.next = 0
        self.tokens = self._tokens()

    def condition_alone(self) -> Condition:
        condition = self._condition()
        if self._peek().kind != "end":
            raise self._refusal("`and` or `or` is expected here")
        return condition

    def _tokens(self) -> list[Token]:
        if len(self.text) > MOST_CHARACTERS:
            raise self._refusal_at(
                0, f"the condition is longer than {MOST_CHARACTERS:,} characters"
            )
        tokens, at, end = [], 0, len(self.text.rstrip())
        while at < end:
            match = TOKEN.match(self.text, at)
            if match is None:
                raise self._refusal_at(at, "this cannot stand in a condition")
            kind = str(match.lastgroup)
            start = match.start(kind)
            word = match[kind]
            if kind == "word" and word.casefold() in KEYWORDS:
                kind, word = "keyword", word.casefold()
            tokens.append(Token(kind, word, start))
            at = match.end()
        return [*tokens, Token("end", "", end)]

    def _condition(self) -> Condition:
        parts = [self._both()]
        while self._took("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._single()]
        while self._took("and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _single(self) -> Condition:
        self.nested += 1
        if self.nested > MOST_NESTED:
            raise self._refusal(f"conditions are nested more than {MOST_NESTED} deep")
        condition = self._inner()
        self.nested -= 1
        return condition

    def _inner(self) -> Condition:
        if self._took("not"):
            return Not(self._single())
        if self._took("("):
            condition = self._condition()
            self._expect(")")
            return condition
        return self._test(self._column())

    def _column(self) -> str:
        token = self._peek()
        if token.kind not in {"word", "ticked"}:
            raise self._refusal("a column name is expected here (in backticks if it has spaces)")
        self.next += 1
        return token.text.strip()

    def _test(self, column: str) -> Condition:
        token = self._peek()
        if token.kind == "sign" and token.text in COMPARISONS:
            self.next += 1
            return self._compare(column, COMPARISONS[token.text])
        if self._took("is"):
            negated = self._took("not")
            self._expect("blank")
            return Not(Blank(column)) if negated else Blank(column)
        negated = self._took("not")
        if self._took("in"):
            values = self._values()
            return Not(In(column, values)) if negated else In(column, values)
        if token.text == "(":
            raise self._refusal("functions cannot be called; a comparison is expected")
        raise self._refusal("a comparison is expected here")

    def _compare(self, column: str, op: str) -> Condition:
        token, value = self._peek(), self._value()
        ordered = op in {"<", "<=", ">", ">="}
        if ordered and (isinstance(value, bool) or (isinstance(value, str) and not _date(value))):
            raise self._refusal_at(token.at, f"{op} compares numbers, or dates such as '2026-03'")
        return Compare(column, op, value)

    def _values(self) -> tuple[Value, ...]:
        self._expect("(")
        values = [self._value()]
        while self._took(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self._peek()
        self.next += 1
        if token.kind == "number":
            return float(token.text)
        if token.kind in {"single", "double"}:
            return token.text
        if token.kind == "keyword" and token.text in {"true", "false"}:
            return token.text == "true"
        self.next -= 1
        raise self._refusal("a number or a text in quotes is expected here")

    def _peek(self) -> Token:
        return self.tokens[self.next]

    def _took(self, text: str) -> bool:
        token = self._peek()
        taken = token.kind in {"sign", "keyword"} and token.text == text
        self.next += taken
        return taken

    def _expect(self, text: str) -> None:
        if not self._took(text):
            raise self._refusal(f"`{text}` is expected here")

    def _refusal(self, says: str) -> InputError:
        return self._refusal_at(self._peek().at, says)

    def _refusal_at(self, at: int, says: str) -> InputError:
        rest = self.text[at:].strip()
        found = f"{rest[:40]!r}" if rest else "the end"
        allowed = "columns compared with = == != < <= > >=, in (...), is blank; and, or, not, ( )"
        fault = Fault(file=self.file, at=self.place, says=says, found=found, allowed=allowed)
        return InputError([fault])


def _date(text: str) -> bool:
    return re.fullmatch(r"\d{4}(-\d{2}){0,2}", text) is not None
