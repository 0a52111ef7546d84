"""Pydantic's findings in our words, each with its line, its key and the nearest right word."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from microdc.scenario.grammar import Scenario
from microdc.scenario.reading.layers import Stated
from microdc.yaml12 import Finding, Keys

WORDS = {
    "missing": "is missing",
    "float_type": "is not a number",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "finite_number": "is not a finite number",
    "string_type": "is not text",
    "bool_type": "is neither true nor false",
    "greater_than": "is too small",
    "greater_than_equal": "is too small",
    "less_than": "is too large",
    "less_than_equal": "is too large",
    "literal_error": "is not one of the allowed words",
    "string_pattern_mismatch": "is not a code of three capital letters",
    "model_type": "is not a mapping of keys",
    "model_attributes_type": "is not a mapping of keys",
    "dict_type": "is not a mapping of keys",
    "tuple_type": "is not a list",
    "too_short": "is empty",
    "too_long": "has too many entries",
}
NUMBER_KINDS = ("float_type", "int_type")
"""Kinds of finding where a number in quotes should not look like a number."""
WRITTEN = re.compile(r"(?P<number>[+-]?\d+(?:[.,]\d+)?)\s*(?P<unit>%|[A-Za-z/]*)")
"""A number as people write it: with a decimal comma, a per cent sign, or its unit."""
RANGES = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}


def finding_of(detail: ErrorDetails, stated: Stated) -> Finding:
    """Say in our words what pydantic found."""
    keys = _way(detail["loc"], stated)
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        halved = value is None and str(keys[-1]).isdigit()  # {pue: 1,25} has the keys pue and 25
        point = f"a point before decimals, as in 1.{keys[-1]}" if halved else ""
        return Finding(keys, "unknown key", allowed=point, nearest=_nearest_key(keys))
    if kind == "missing":
        return Finding(keys, WORDS[kind])
    if value is None:
        return Finding(keys, "is empty")
    allowed = _allowed(detail)
    near = get_close_matches(shown(value), allowed, n=1) if kind == "literal_error" else []
    worded = kind in NUMBER_KINDS and isinstance(value, str)
    return Finding(
        keys,
        WORDS.get(kind, detail["msg"]),
        found=f"'{shown(value)}'" if worded else shown(value),
        allowed=", ".join(allowed),
        nearest=_number_in(value, keys) if worded else near[0] if near else "",
    )


def _number_in(text: str, keys: Keys) -> str:
    """Give the number that a text seems to mean: `1,25` is 1.25, `8 %` 0.08, `5 MW` of mw 5."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        return ""
    number, unit = found["number"].replace(",", "."), found["unit"].casefold()
    if unit == "%":
        return f"{float(number) / 100:.12g}"
    return number if unit in ("", *str(keys[-1]).split("_")) else ""


def shown(value: Any) -> str:
    """Show a value as it was written, shortened; `nothing` for none."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(getattr(value, "written", value))
    text = text.lower() if isinstance(value, bool) else " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _way(loc: tuple[int | str, ...], stated: Stated) -> Keys:
    """Take pydantic's location back to the files, where a list of one may stand unlisted."""
    way: Keys = ()
    for part in loc:
        listed = not isinstance(part, int) or (*way, part) in stated.spots
        if listed and part != "[key]":
            way = (*way, part)
    return way


def _allowed(detail: ErrorDetails) -> list[str]:
    context = detail.get("ctx", {})
    if "expected" in context:
        return re.findall(r"'([^']*)'", context["expected"]) or [str(context["expected"])]
    if "allowed" in context:
        return [str(context["allowed"])]
    return [f"{RANGES[key]} {limit:g}" for key, limit in context.items() if key in RANGES]


def _nearest_key(keys: Keys) -> str:
    """Find the right word for an unknown key: the same one elsewhere, or one like it here."""
    section, wrong = _section(keys[:-1]), str(keys[-1])
    here = _names(section)
    plain = wrong.casefold().replace("-", "_").replace(" ", "_")
    elsewhere = [way for way in _every_key(Scenario, "") if way.split(".")[-1] == plain]
    near = get_close_matches(plain, here, n=1, cutoff=0.6)
    if elsewhere and plain not in here:
        return elsewhere[0]
    return near[0] if near else ""


def _names(section: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in section.model_fields.items()]


def _section(keys: Keys) -> type[BaseModel]:
    """Find the part of the grammar that a way leads to."""
    section: type[BaseModel] = Scenario
    for key in keys:
        field = section.model_fields.get(str(key))
        section = (_section_in(field.annotation) if field else None) or section
    return section


def _section_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_section_in(inner) for inner in get_args(annotation))
    return next((section for section in found if section), None)


def _every_key(section: type[BaseModel], way: str) -> Iterator[str]:
    for name, field in section.model_fields.items():
        key = f"{way}{field.alias or name}"
        yield key
        inner = _section_in(field.annotation)
        if inner:
            yield from _every_key(inner, f"{key}.")
