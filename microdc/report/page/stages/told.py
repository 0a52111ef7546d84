"""What each stage adds and why, in words, tables and a sketch: there without a script as well."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from microdc.placement.stages import StagePlan
from microdc.placement.words.rounding import percent_down
from microdc.report.notebook.sketch import sketch
from microdc.report.page.markup import Html, items, section, table, tag
from microdc.report.page.sections.explorer import notes
from microdc.report.page.stages.reasons import limits_of, new_since, released
from microdc.report.page.stages.shown import Shown
from microdc.report.words import NONE, number, percent

_FATES = {"new": "new", "grown": "larger"}
_MOST_REASONS = 2
"""Of a site: whom only it reaches and how much there is around it; its card has them all."""


def when(stage: StagePlan) -> str:
    """Name a stage with its months."""
    future = stage.future and f" (in future {stage.future}, {percent(stage.probability)} likely)"
    return f"{stage.name}, from {stage.begins} to {stage.ends}{future or ''}"


def in_short(shown: Shown) -> str:
    """Give a stage in two sentences: what stands in it, whom that serves, its cost; what is new."""
    told = shown.told
    share = told["served_mw_it"] / told["demand_mw_it"] if told["demand_mw_it"] else 1.0
    return (
        f"{_sites(told['sites'])} of {number(told['mw'], 1)} MW; {number(told['served_mw_it'], 1)} "
        f"of {number(told['demand_mw_it'], 1)} MW IT served ({percent_down(share)}); "
        f"{number(told['cost_mn_yr'])} M {shown.stage.plan.currency} a year. {_changes(shown)}"
    )


def _sites(count: int) -> str:
    return "1 site" if count == 1 else f"{count:,} sites"


def _changes(shown: Shown) -> str:
    stage = shown.stage
    new_mw = stage.plan.sites["mw"].loc[list(stage.added)].sum()
    new = len(stage.added)
    added = f"{_sites(new)} of {number(new_mw, 1)} MW new" if new else "No site new"
    by_mw = sum(one.to_mw - one.from_mw for one in stage.grown)
    larger = f", {len(stage.grown):,} larger by {number(by_mw, 1)} MW" if stage.grown else ""
    return f"{added}{larger}."


def stages_told(stages: Sequence[Shown]) -> Html:
    """Give the stages below one another; scripts show the one that is looked at alone."""
    named = {shown.stage.name: shown for shown in stages}
    articles = (
        _stage(k, shown, named[shown.stage.before] if shown.stage.before else None)
        for k, shown in enumerate(stages)
    )
    return section(
        "stages", "What each stage adds, and why", tag("p", _ALONE, class_="note"), *articles
    )


_ALONE = (
    "Each stage is a plan of its own as well, in a folder below the programme's: microdc report, "
    "explain, export, compare and verify take it. What is said here of why a site is there is of "
    "its stage alone."
)


def _stage(k: int, shown: Shown, before: Shown | None) -> Html:
    stage, heading = shown.stage, f"stage-{k + 1}"
    changed = [] if before is None else list(new_since(shown, before))
    limits = list(limits_of(shown))
    return tag(
        "article",
        tag("h3", f"{k + 1}. {when(stage)}", id=heading),
        tag("p", in_short(shown)),
        tag("div", Html(sketch(stage.plan, new=stage.added)), class_="sketch"),
        *_listed("What is other than in the stage before", changed),
        _added(shown, before),
        _service(shown, before),
        *_listed("What it comes up against", limits),
        *notes(shown.block, shown.missing),
        aria_labelledby=heading,
    )


def _listed(heading: str, sentences: list[str]) -> Iterator[Html]:
    if sentences:
        yield tag("h4", heading)
        yield items(sentences)


def _added(shown: Shown, before: Shown | None) -> Html:
    """Give the sites that are new or larger, with why; a sentence where there are none."""
    changed = [host for host in shown.block["hosts"] if host.get("fate") in _FATES]
    if not changed:
        return tag("p", "No site is new or larger in this stage.")
    headroom = released(shown, before)
    rows: list[list[object]] = [
        [
            host["name"],
            host["id"],
            _FATES[host["fate"]],
            number(host["before_mw"], 1),
            number(host["mw"], 1),
            " ".join([*headroom.get(host["id"], []), *host["why"][:_MOST_REASONS]]),
        ]
        for host in changed
    ]
    columns = ("site", "id", "in this stage", "#MW before", "#MW", "why")
    return table(f"Added in {shown.stage.name}", columns, rows)


def _service(shown: Shown, before: Shown | None) -> Html:
    """Give what is served of each class, beside the stage before."""
    then = {} if before is None else _classes(before)
    rows: list[list[object]] = [
        [
            name,
            *_pair(then.get(name), row, "demand_mw_it"),
            *_pair(then.get(name), row, "served_mw_it"),
            percent_down(then[name]["served_share"]) if name in then else NONE,
            percent_down(row["served_share"]),
        ]
        for name, row in _classes(shown).items()
    ]
    columns = (
        *("class", "#demand before MW IT", "#demand", "#served before MW IT", "#served"),
        *("#share before", "#share"),
    )
    return table(f"Service in {shown.stage.name}", columns, rows)


def _classes(shown: Shown) -> dict[str, "pd.Series[Any]"]:
    return {str(row["service"]): row for _, row in shown.stage.plan.services.iterrows()}


def _pair(then: "pd.Series[Any] | None", now: "pd.Series[Any]", amount: str) -> Iterator[str]:
    yield NONE if then is None else number(then[amount], 1)
    yield number(now[amount], 1)
