"""A programme as a paragraph and a table of its stages, made from what `stages.json` holds."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microdc.placement.words.rounding import money_down, money_up, percent_up, tenth_up
from microdc.report.staged.risk import cost_in_words, near_in_words
from microdc.report.tables.layout import MOST_ROWS, Record, add_row, new_table
from microdc.report.tables.plan import verdict
from microdc.report.words import number, percent

_NOTHING_MN = 5e-3  # would be told as 0.00
_FEW = 4  # ids of a cell
_HOW = {
    "within gap": "It is",
    "time limit": "Stopped on time,",
    "interrupted": "Stopped on request,",
    "stalled": "As near as the solver's tolerances allow: it is",
}


def programme_shown(told: Record) -> list[RenderableType]:
    """Give everything the terminal says of a programme, the verdict first."""
    several: list[RenderableType] = []
    several += [futures(told), Text()] if told["futures"] else []
    several += [appears(told), Text()] if told["appears"] else []
    return [verdict(in_words(told)), stages(told), Text(), *several]


def in_words(told: Record) -> str:
    """Say what stands when, what all of it costs, and how near the best that is."""
    fleets = [_fleet(one) for one in told["stages"] if not one["future"]]
    ways = len({one["future"] for one in told["stages"]} - {None})
    then = [f"and then what each of {ways} futures asks for"] if ways else []
    built = f"{', '.join([*fleets, *then])}; what is built stays, and only grows."
    such = " with these pilots" if told["pilots"] == "first-stage" else ""
    such += " that serves as much" if told["time_to_power"] else ""
    cost, near = cost_in_words(told, such), near_in_words(told, such or " possible")
    served, nested = _service(told["time_to_power"]), _nestedness(told, f"M {told['currency']}")
    return " ".join([built, *served, cost, f"{_HOW[told['status']]} {near}.", *nested])


def _service(timed: Record | None) -> Iterator[str]:
    """Say what is served before a date, and the most possible; nothing unless asked for."""
    if timed is not None:
        served, most = number(timed["served_mw_months"], 1), tenth_up(timed["at_most_mw_months"])
        yield (
            f"It serves {served} MW-months of IT before {timed['before']}; no programme can serve "
            f"more than {number(most, 1)}."
        )


def _fleet(one: Record) -> str:
    """Say what stands at a stage."""
    return f"{one['sites']} site(s) of {one['mw']:.1f} MW by {one['from']}"


def _nestedness(told: Record, money: str) -> Iterator[str]:
    """Say what it costs that sites stay, with what gaps leave open; nothing unless asked for."""
    price = told["nestedness"]
    if price is None:
        return
    best = told["cost_mn"] - price["cost_mn"]
    share = f" ({percent_up(price['cost_mn'] / best)})" if best > 0 < price["cost_mn"] else ""
    separately = f"Planned separately, the best of each stage come to {best:.2f} {money}"
    most = f"{money_up(price['at_most_mn']):.2f}"
    if price["cost_mn"] < _NOTHING_MN:
        yield f"{separately}: that what is built stays costs nothing more, {most} at most (proven)."
        return
    yield (
        f"{separately}, but they are not one road: that what is built stays costs "
        f"{price['cost_mn']:.2f} {money}{share}, and is proven to cost between "
        f"{money_down(price['at_least_mn']):.2f} and {most}."
    )


def stages(told: Record) -> Table:
    """Give a row for each stage: from when, what stands, what it serves and costs, what it adds."""
    table = new_table()
    table.add_column("stage")
    table.add_column("from")
    alone = any(one["alone"] for one in told["stages"])
    columns = ["sites", "MW", "served MW IT", f"M {told['currency']}/yr"]
    for column in [*columns, *(["alone"] if alone else []), "capital"]:
        table.add_column(column, justify="right")
    table.add_column("added")
    for one in told["stages"]:
        best = [number(one["alone"]["cost_mn_yr"])] if one["alone"] else [""] if alone else []
        add_row(
            table,
            one["name"],
            one["from"],
            str(one["sites"]),
            number(one["mw"], 1),
            f"{number(one['served_mw_it'], 1)} of {number(one['demand_mw_it'], 1)}",
            number(one["cost_mn_yr"]),
            *best,
            number(one["capital_mn"], 1),
            _new(one),
        )
    return table


def _new(one: Record) -> str:
    """Say what a stage adds, and what it lets grow."""
    ids = one["added"]
    rest = f" and {len(ids) - _FEW} more" if len(ids) > _FEW else ""
    added = ", ".join(ids[:_FEW]) + rest
    more_mw = sum(row["to_mw"] - row["from_mw"] for row in one["grown"])
    grown = f"{len(one['grown'])} grow by {more_mw:.1f} MW" if one["grown"] else ""
    return "; ".join(part for part in (added, grown) if part) or "nothing"


def futures(told: Record) -> Table:
    """Give a row for each future: what the programme costs in it, and the best that knew of it."""
    table = new_table()
    table.add_column("future")
    known = all(one["best"] for one in told["futures"])
    of_best = ["best, had it been known", "regret, at most"] if known else []
    for column in ("likely", f"M {told['currency']}", *of_best):
        table.add_column(column, justify="right")
    for one in told["futures"]:
        cells = [percent(one["probability"]), number(one["cost_mn"])]
        add_row(table, one["name"], *cells, *(_beside_best(one) if known else []))
    return table


def _beside_best(one: Record) -> list[str]:
    best = one["best"]
    regret = number(money_up(max(0.0, one["cost_mn"] - best["bound_mn"])))
    return [number(best["cost_mn"]), regret]


def appears(told: Record) -> Table:
    """Say of each site that is a pilot in some future how likely it is one, and still of use."""
    table = new_table()
    first, last = (told["stages"][end]["from"] for end in (0, -1))
    table.add_column(f"site best by {first} in some future")
    for column in (f"in futures, by {first}", f"by {last}", "built"):
        table.add_column(column, justify="right")
    built = told["stages"][0]["added"]
    for one in told["appears"][:MOST_ROWS]:
        chosen = "yes" if one["id"] in built else ""
        add_row(table, one["id"], percent(one["first"]), percent(one["last"]), chosen)
    return table
