"""How a CSV file is laid out: its letters, what parts its cells, and where its header stands."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from microdc.errors import Fault, InputError
from microdc.scenario import Dialect

SEPARATORS = {",": "comma", ";": "semicolon", "tab": "tab", "|": "bar"}
LOOKED_AT = 100
"""Rows that tell the separator and the header."""

FOOTER = re.compile(
    r"(?:(?:grand |sub-?)?totals?|sums?|summe|gesamt|somme)\s*:?|(?:notes?|sources?)\s*:.*",
    re.IGNORECASE | re.DOTALL,
)
"""First cell of a row that ends a table and is no part of it."""

BYTE_ORDER_MARKS: list[tuple[bytes, str, str]] = [
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
]
"""How a file may begin, how it is then read, and what that is called."""

OTHER_KINDS = {
    b"pk\x03\x04": "a spreadsheet or another packed file",
    b"\xd0\xcf\x11\xe0": "a spreadsheet of an old kind",
    b"%pdf-": "a PDF",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
}
"""How files begin, in small letters, that are often saved under the name of a CSV file."""

Record = list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A CSV file as numbered rows of cells; blank rows are left out, and so is what surrounds."""

    header: tuple[int, Record]
    """Row number, and the names without the blank ones at the end."""
    body: list[tuple[int, Record]]
    separator: str
    told: tuple[str, ...]
    """What is not plain, such as `semicolon-separated`."""
    footers: tuple[int, ...]
    """Numbers of the rows at the end that were left out by the rule."""


def decoded(content: bytes, name: str, dialect: Dialect) -> tuple[str, str]:
    """Give a file's text and its encoding: byte-order mark, else UTF-8, else cp1252."""
    start = content[:100].lstrip().lower()
    for beginning, kind in OTHER_KINDS.items():
        if start.startswith(beginning):
            says, allowed = f"is no table of text but {kind}", "the table itself, saved as CSV"
            raise InputError([Fault(file=name, says=says, allowed=allowed)])
    stated = dialect.encoding
    ways = [[*way] for bom, *way in BYTE_ORDER_MARKS if content.startswith(bom)]
    if not ways and stated:
        ways = [["utf-16-le" if stated == "utf-16" else stated, stated]]
    ways = ways or [["utf-8", "utf-8"], ["cp1252", "cp1252"]]
    for codec, told in ways:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError as error:
            row = content[: error.start].count(b"\n") + 1
            found = f"byte 0x{content[error.start]:02x} on line {row}"
            continue
        if "\0" not in text:
            return text, told
        found = f"a byte 0 on line {text[: text.index(chr(0))].count(chr(10)) + 1}"
        break
    allowed = f"{ways[0][1]}, as stated" if stated else "UTF-8, cp1252, or UTF-16 with its mark"
    says = "is no text" if stated is None else f"is not {ways[0][1]} text"
    raise InputError([Fault(file=name, says=says, found=found, allowed=allowed)])


def layout_of(text: str, name: str, dialect: Dialect) -> Layout:
    """Find rows and header of a CSV file's text, by what is stated, else by the rules."""
    separator = dialect.separator or _separator(text)
    try:
        records = _split(text, separator)
    except csv.Error as error:
        says = f"is not a well-formed table: {error}"
        raise InputError([Fault(file=name, says=says)]) from None
    rows = [(n, r) for n, r in enumerate(records, start=1) if any(cell.strip() for cell in r)]
    if not rows:
        allowed = "a header and at least one row"
        raise InputError([Fault(file=name, says="is empty", allowed=allowed)])
    at = _header(rows) if dialect.header_row is None else _stated_header(rows, name, dialect)
    footers = _footers(rows[at + 1 :], dialect)
    end = len(rows) - len(footers)
    number, names = rows[at]
    told = [] if separator == "," else [f"{SEPARATORS[separator]}-separated"]
    told += [f"header in row {number}"] if at else []
    header = [cell.strip() for cell in names[: _width(names)]]
    return Layout(
        header=(number, header),
        body=rows[at + 1 : end],
        separator=separator,
        told=tuple(told),
        footers=() if dialect.footer_rows is not None else tuple(footers),
    )


def _split(text: str, separator: str) -> list[Record]:
    delimiter = "\t" if separator == "tab" else separator
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _separator(text: str) -> str:
    """
    Choose what stands between cells.

    The one that gives most of the first rows as many cells as it gives the header; of equals the
    one that gives more cells, then in the order comma, semicolon, tab, bar.
    """
    scores = {separator: _fitting(text, separator) for separator in SEPARATORS}
    return max(scores, key=scores.__getitem__)


def _fitting(text: str, separator: str) -> tuple[int, int]:
    delimiter = "\t" if separator == "tab" else separator
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, Record]] = []
    try:
        while len(rows) < LOOKED_AT:
            record = next(reader)
            if any(cell.strip() for cell in record):
                rows.append((reader.line_num, record))
    except (csv.Error, StopIteration):
        pass  # what is wrong with the rows is told once the separator is chosen
    if not rows:
        return 0, 0
    at = _header(rows)
    wide = len(rows[at][1])
    alike = sum(len(record) == wide for _, record in rows[at:])
    return (alike if wide > 1 else 0), wide


def _header(rows: list[tuple[int, Record]]) -> int:
    """
    Find the header among the first rows: the first with half as many cells filled as a row has.

    A row has as many cells as most rows have up to their last filled one; two cells are the least.
    """
    looked = rows[:LOOKED_AT]
    widths = Counter(_width(record) for _, record in looked)
    usual = max(widths, key=lambda width: (widths[width], width))
    least = max(2.0, usual / 2)
    filled = [sum(bool(cell.strip()) for cell in record) for _, record in looked]
    return next((at for at, count in enumerate(filled) if count >= least), 0)


def _stated_header(rows: list[tuple[int, Record]], name: str, dialect: Dialect) -> int:
    at = next((at for at, (number, _) in enumerate(rows) if number == dialect.header_row), None)
    if at is None:
        says, found = "has no header where dialect.header_row says", f"row {dialect.header_row}"
        allowed = f"a row with cells; the first is row {rows[0][0]}, the last row {rows[-1][0]}"
        raise InputError([Fault(file=name, says=says, found=found, allowed=allowed)])
    return at


def _width(record: Record) -> int:
    """Count the cells of a row up to its last filled one."""
    return max((at for at, cell in enumerate(record, start=1) if cell.strip()), default=0)


def _footers(rows: list[tuple[int, Record]], dialect: Dialect) -> list[int]:
    """Number the rows at the end that are stated, else look, to be no part of the table."""
    if dialect.footer_rows is not None:
        return [number for number, _ in rows[max(0, len(rows) - dialect.footer_rows) :]]
    footers: list[int] = []
    for number, record in reversed(rows):
        first = next(cell.strip() for cell in record if cell.strip())
        if not FOOTER.fullmatch(first):
            break
        footers.insert(0, number)
    return footers
