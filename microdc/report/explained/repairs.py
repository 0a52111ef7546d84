"""Repairs for the terminal: the cheapest mix, then single ones in sentences, numbered."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from microdc.report.tables.layout import listed
from microdc.report.words import plain

MOST_OF_A_KIND = 3
"""Single repairs told of each kind, the cheapest; --json has all."""


def repairs_shown(document: dict[str, Any]) -> list[RenderableType]:
    """Give everything the terminal says of repairs, as `explanation.json` holds it."""
    if "repairs" not in document:
        return []
    shown: list[RenderableType] = []
    mix = document["mix"]
    if mix is not None:
        shown.append(listed(_of_mix(mix), [one["sentence"] for one in mix["parts"]]))
    singles = list(_few(document["repairs"]))
    if singles:
        shown.append(listed("By itself", singles))
    if mix is None and not singles:
        shown.append(plain("No repair was found in the time there was."))
    elif not document["repairs_complete"]:
        shown.append(plain("Not every repair was looked for: --time-limit 60 looks for a minute."))
    return [*shown, plain(_prices(document))]


def _of_mix(mix: dict[str, Any]) -> str:
    sure = "" if mix["exact"] else ", not proven to be the cheapest"
    seen = "" if mix["confirmed"] else " (not confirmed)"
    return f"Cheapest repair of all{sure}{seen}"


def _few(repairs: list[dict[str, Any]]) -> Iterator[str]:
    told: dict[str, int] = {}
    for number, one in enumerate(repairs, start=1):
        told[one["kind"]] = told.get(one["kind"], 0) + 1
        if told[one["kind"]] <= MOST_OF_A_KIND:
            yield f"{number}: {one['sentence']}"


def _prices(document: dict[str, Any]) -> str:
    prices, currency = document["repair_prices"], document["currency"]
    return (
        f"Prices of repairs are assumptions: {prices['headroom_mn_per_mw']:g} M {currency} of "
        f"capital for a MW of headroom ({prices['headroom_source']}), "
        f"{prices['unserved_mn_per_mw_it_yr']:g} M a year for a MW IT promised no longer "
        f"({prices['unserved_source']}); --headroom-price and --unserved-price state others."
    )
