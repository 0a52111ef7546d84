"""What a programme costs in each of its futures, and which sites it has in which of them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from microdc.placement.stages import Programme, StagePlan, roads_of
from microdc.placement.stages.futures import InFuture, appearances
from microdc.placement.words.rounding import money_down, money_up
from microdc.report.page.markup import Html, section, table, tag
from microdc.report.words import number, percent


class _Standing(NamedTuple):
    """A site at the end of some futures: which, how likely they are, and how large it is there."""

    name: str
    id: str
    futures: list[str]
    likely: float
    least_mw: float
    most_mw: float


def futures(programme: Programme) -> Html | None:
    """Give how likely each site is to stand at the end; None where there are no futures."""
    ends = [road[-1] for road in roads_of(programme)]
    if not any(end.future for end in ends):
        return None
    ids = sorted({str(site) for end in ends for site in end.plan.sites.index})
    sites = sorted((_standing(site, ends) for site in ids), key=lambda one: -one.likely)
    in_all = sum(len(one.futures) == len(ends) for one in sites)
    said = (
        f"Of {len(sites):,} site(s) that are built in any future, {in_all:,} are built in all; "
        f"{len(programme.stages[0].plan.sites):,} of these stand from the first stage on, which is "
        "the same in all futures."
    )
    parts = [
        *_regret(programme),
        tag("p", said),
        _standing_table(sites),
        *_pilots(programme),
    ]
    return section("futures", "Futures", *parts)


def _regret(programme: Programme) -> Iterator[Html]:
    """Give what the programme costs in each future, beside the best that knew of it."""
    if not programme.futures:
        return
    known = all(one.best for one in programme.futures)
    columns = ["future", "#likely", f"#M {programme.currency} net present"]
    beside = ["#best found, had it been known", "#best, at least", "#regret, at most"]
    rows: list[list[object]] = [
        [one.name, percent(one.probability), number(one.cost_mn), *_beside_best(one)]
        for one in programme.futures
    ]
    columns += beside if known else []
    yield table("What the programme costs if a future comes", tuple(columns), rows)


def _beside_best(one: InFuture) -> list[object]:
    if one.best is None:
        return []
    bound, regret = number(money_down(one.best.bound_mn)), number(money_up(one.regret_mn))
    return [number(one.best.cost_mn), bound, regret]


def _pilots(programme: Programme) -> Iterator[Html]:
    """Give the sites that are pilots in the best programme of some future, had it been known."""
    if not any(one.best for one in programme.futures):
        return
    first = programme.stages[0]
    columns = ("site", f"#in futures, by {first.begins}", "#at the end", "built here")
    rows: list[list[object]] = [
        [
            *(one["id"], percent(one["first"]), percent(one["last"])),
            "yes" if one["id"] in first.added else "no",
        ]
        for one in appearances(programme.futures)
    ]
    yield table("Pilots of the best programme of each future, had it been known", columns, rows)
    yield tag(
        "p", "100 % in both columns: a pilot without regret, as far as was found.", class_="note"
    )


def _standing_table(sites: Sequence[_Standing]) -> Html:
    columns = ("site", "id", "in", "#likely", "#least MW there", "#most MW")
    rows: list[list[object]] = [
        [
            *(one.name, one.id, ", ".join(one.futures), percent(one.likely)),
            *(number(one.least_mw, 1), number(one.most_mw, 1)),
        ]
        for one in sites
    ]
    return table("Sites at the end of the futures", columns, rows)


def _standing(site: str, ends: Sequence[StagePlan]) -> _Standing:
    there = [end for end in ends if site in end.plan.sites.index]
    sizes_mw = [float(end.plan.sites["mw"].astype(float)[site]) for end in there]
    return _Standing(
        name=str(there[0].plan.sites["name"][site] or site),
        id=site,
        futures=[str(end.future) for end in there],
        likely=sum(end.probability for end in there),
        least_mw=min(sizes_mw),
        most_mw=max(sizes_mw),
    )
