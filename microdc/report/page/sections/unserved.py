"""What a plan leaves unserved, why, and the bottlenecks behind it."""

from collections.abc import Iterator
from typing import Any

from microdc.report.page.markup import Html, joined, section, table, tag
from microdc.report.words import number

MOST_SENTENCES, MOST_NAMES = 12, 3
_NOTHING_MW_IT = 1e-4


def leaves_some(document: dict[str, Any]) -> bool:
    """Tell whether a plan leaves demand unserved, beyond rounding."""
    return float(document["certificate"]["unserved_mw_it"]) > _NOTHING_MW_IT


def unserved(document: dict[str, Any], block: dict[str, Any]) -> Html | None:
    """Give why demand stays unserved; None where nothing does."""
    if not leaves_some(document):
        return None
    left_mw_it = document["certificate"]["unserved_mw_it"]
    all_mw_it = sum(row["demand_mw_it"] for row in document["services"])
    head = f"{number(left_mw_it)} of {number(all_mw_it, 1)} MW IT stay unserved."
    known = block["unserved"]
    parts = _unknown() if known is None else _known(known, block)
    return section("unserved", "What stays unserved, and why", tag("p", head), *parts)


def _unknown() -> Iterator[Html]:
    command = tag("code", "microdc explain")
    yield tag("p", "Why that is so is not told on this page: ", command, " on the plan says it.")


def _known(known: dict[str, Any], block: dict[str, Any]) -> Iterator[Html]:
    yield tag("ul", *(tag("li", text) for text in known["reasons"]))
    found = known["bottlenecks"]
    if found:
        yield tag("h3", "Bottlenecks")
        yield tag("ol", *(_sentence(k, one) for k, one in enumerate(found[:MOST_SENTENCES])))
        rows = [_row(k, one, block) for k, one in enumerate(found)]
        yield table("Power needed and power in reach", _COLUMNS, rows)
        yield tag("p", *_notes(known), class_="note")
    if not known["complete"]:
        yield tag("p", "Time ran out before everything was looked at, so there may be more: ",
                  tag("code", "microdc explain"), " with a longer time limit says.")  # fmt: skip


def _notes(known: dict[str, Any]) -> Iterator[str]:
    yield (
        "A bottleneck is demand with too little power in reach, were everything to be served. "
        "What is short is exact; with ≥ it is the least that is proven."
    )
    more = known["count"] - len(known["bottlenecks"])
    if more > 0:
        yield f" {more:,} smaller ones are not on this page."


def _sentence(k: int, one: dict[str, Any]) -> Html:
    return tag("li", f"{one['sentence']}. ", _shower(k, "Show it") if one["area"] else None)


def _shower(k: int, text: str) -> Html:
    """Give what shows a bottleneck on the map; the page's scripts listen to it."""
    return tag("button", text, type="button", class_="link shower", data_bottleneck=k)


_COLUMNS = ("where", "class", "#need", "#have", "#short", "unit", "#sites in reach", "why")


def _row(k: int, one: dict[str, Any], block: dict[str, Any]) -> list[object]:
    names = [block["places"]["name"][row] for row in one["places"]]
    where = ", ".join(names[:MOST_NAMES]) + _more(len(names)) if names else one["kind"]
    short = ("" if one["exact"] else "≥ ") + number(one["short_mw_it"])
    return [
        joined(_shower(k, where)) if one["area"] else where,
        ", ".join(one["services"]),
        number(one["need_mw_it"]),
        number(one["have_mw_it"]),
        short,
        one["unit"],
        one["in_reach"],
        one["kind"],
    ]


def _more(names: int) -> str:
    return f" and {names - MOST_NAMES} more" if names > MOST_NAMES else ""
