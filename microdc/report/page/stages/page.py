"""The page of a programme: its stages on one map, one at a time, and below one another."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from microdc.placement.stages import Programme, read_stages, roads_of
from microdc.placement.words.rounding import money_down, percent_down, percent_up, tenth_up
from microdc.report.page.charts.stages import by_date
from microdc.report.page.inputs import Why
from microdc.report.page.markup import Html, joined, section, tag
from microdc.report.page.sections.ending import ending
from microdc.report.page.sections.explorer import listings, map_with
from microdc.report.page.sections.opening import opening_of, top
from microdc.report.page.shell import SCRIPTS, Page, page
from microdc.report.page.stages.futures import futures
from microdc.report.page.stages.proof import nestedness, proof
from microdc.report.page.stages.shown import Block, Shown, shown_stages
from microdc.report.page.stages.told import in_short, stages_told, when
from microdc.report.staged.risk import amount, name_of
from microdc.report.staged.shown import in_words
from microdc.report.words import number

_MOST_TICKS = 12
"""Stages, futures counted, whose names have room below the slider."""
_PARTS = (
    ("verdict", "Verdict"),
    ("explore", "Map"),
    ("stages", "Stages"),
    ("futures", "Futures"),
    ("charts", "By date"),
    ("listings", "Tables"),
    ("nestedness", "Nestedness"),
    ("proof", "Proof"),
    ("limits", "Limits"),
    ("sources", "Sources"),
)


def programme_page(folder: Path, why: Why | None = None) -> str:
    """
    Give a programme as a page of HTML that asks for nothing; `why` as `write_report` has it.

    Raises InputError where the programme, or the plan of one of its stages, cannot be read.
    """
    programme = read_stages(folder)
    stages = list(shown_stages(programme, why))
    data = {
        "plans": [shown.block for shown in stages],
        "stages": [
            {"name": shown.stage.name, "told": f"{when(shown.stage)}: {in_short(shown)}"}
            for shown in stages
        ],
    }
    title = f"{programme.name}: plan in {len(stages)} stages"
    return page(
        Page(title=title, body=_body(programme, stages), data=data, scripts=SCRIPTS, maps=True)
    )


def _body(programme: Programme, stages: Sequence[Shown]) -> Html:
    asked = {"futures": futures(programme), "nestedness": nestedness(programme)}
    parts = [part for part in _PARTS if asked.get(part[0], True)]
    main = (
        opening_of(programme.name, in_words(programme.to_document()), _figures(programme)),
        _explorer(stages),
        stages_told(stages),
        asked["futures"],
        by_date(programme),
        listings(stages[-1].block, tag("b", "", id="stage-listed")),
        asked["nestedness"],
        proof(programme),
        *ending(_document(stages)),
    )
    skip = tag("a", "Skip to the plan", href="#main", class_="skip")
    return joined(skip, top(programme.name, parts), tag("main", *main, id="main"))


def _figures(programme: Programme) -> Iterator[tuple[str, str, str]]:
    """Give the figures that carry the verdict, each with its unit and how well it is known."""
    money, stages = f"M {programme.currency} net present", programme.stages
    named = name_of(programme.risk, programme.cvar_level)
    yield named, amount(programme.risk, programme.cost_mn), f"{money}, from its sizes"
    bound = number(money_down(programme.bound_mn))
    which = "no programme that begins so" if programme.pilots == "first-stage" else "no programme"
    timed = programme.time_to_power
    which += " and serves as much" if timed else ""
    yield "Proven lower bound", bound, f"{money}, {which} comes to less"
    yield "Gap", percent_up(programme.gap), f"at most; {programme.status}"
    if timed is not None:
        most = number(tenth_up(timed.at_most_mw_months), 1)
        served = number(timed.served_mw_months, 1)
        yield f"Served before {timed.before}", served, f"MW-months of IT, {most} at most possible"
    yield "Stages", str(len(stages)), f"{stages[0].begins} to {stages[-1].ends}"
    ends = [road[-1].to_document() for road in roads_of(programme)]
    by = ", by future" if len(ends) > 1 else ""
    mw = _span([end["mw"] for end in ends], lambda mw: number(mw, 1))
    yield "Sites at the end", _span([end["sites"] for end in ends], str), f"{mw} MW{by}"
    shares = [end["served_mw_it"] / (end["demand_mw_it"] or 1.0) for end in ends]
    yield "Served at the end", _span(shares, percent_down), f"within its latency bound{by}"


def _span(values: Sequence[float], told: Callable[[float], str]) -> str:
    """Give a value in words, or the least and the most of several."""
    least, most = told(min(values)), told(max(values))
    return least if least == most else f"{least} to {most}"


def _explorer(stages: Sequence[Shown]) -> Html:
    """Give the map with the slider of the stages."""
    return section("explore", "Map", *map_with(_anything(stages), [_slider(stages)]))


def _anything(stages: Sequence[Shown]) -> Block:
    """Give what the map of any of the stages may show."""
    blocks = [shown.block for shown in stages]
    known = [block for block in blocks if block["candidates"] is not None]
    areas = [block for block in blocks if block["unserved"] and block["unserved"]["bottlenecks"]]
    return {
        "classes": blocks[-1]["classes"],
        "candidates": known[0]["candidates"] if known else None,
        "unserved": areas[0]["unserved"] if areas else None,
    }


def _slider(stages: Sequence[Shown]) -> Html:
    """Give the slider with the names of the stages below it; scripts make it appear."""
    range_ = tag("input", type="range", id="stage", min=0, max=len(stages) - 1, value=0, step=1)
    names = [shown.stage.name for shown in stages] if len(stages) <= _MOST_TICKS else []
    ticks = tag("div", *(tag("span", name) for name in names), class_="ticks",
                aria_hidden="true")  # fmt: skip
    along = tag("div", range_, ticks, class_="along", style=f"--stages: {len(stages)}")
    said = tag("output", "", id="stage-told", for_="stage", aria_live="polite")
    label = tag("label", "Stage ", for_="stage")
    return tag("div", label, along, said, class_="slider stage", id="stage-slider", hidden=True)


def _document(stages: Sequence[Shown]) -> dict[str, Any]:
    """Give the last stage's document, with the warnings of all stages, each once."""
    documents = [shown.stage.plan.to_document() for shown in stages]
    warnings = dict.fromkeys(line for told in documents for line in told["warnings"])
    return {**documents[-1], "warnings": list(warnings)}
