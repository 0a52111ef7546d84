"""The certificate: cost, bound and gaps together, and what was searched to prove them."""

from typing import Any

from microdc.placement.words.aims import OF_SPLIT, all_in_rows, least_unserved, unproven, whose
from microdc.placement.words.rounding import money_down, percent_up, tenth_down
from microdc.report.page.markup import Html, joined, section, table, tag
from microdc.report.words import METHODS, number, percent

ENDED = {
    "within gap": "The search ended because the gap asked for was reached.",
    "time limit": "The search ended on time, before the gap asked for was reached.",
    "interrupted": "The search was ended on request, before the gap asked for was reached.",
    "stalled": "The search came as near as the solver's tolerances allow.",
}
"""Why a search ended, by its status."""

_CUT = {
    "time limit": "The search ended on time",
    "interrupted": "The search was ended on request",
    "stalled": "The search could come no nearer",
}


def proof(document: dict[str, Any]) -> Html:
    """Say what is proven of the plan, what is exact in it and what is a bound."""
    return section(
        "proof",
        "Proof",
        tag("p", joined(_ended(document), " ", *_exact(document))),
        table("Certificate", ("what", "#how much", "unit"), _rows(document)),
        table("Cost", ("item", f"#M {document['currency']} a year"), _items(document)),
    )


def _ended(document: dict[str, Any]) -> str:
    """Say why the search ended, and what of all that was asked for is not proven by then."""
    status, proven = document["status"], document["certificate"]
    if status == "within gap":
        return ENDED[status]
    left, missed = list(unproven(document)), proven["gap"] > proven["asked_gap"]
    if missed and proven.get("bound_of_split"):
        left.append(OF_SPLIT)
    elif missed and left:
        left.append("the gap asked for was not reached")
    if not left:
        return ENDED[status]
    return f"{_CUT[status]}: {'; '.join(left)}."


def _exact(document: dict[str, Any]) -> list[str]:
    told = [
        "The cost is that of this very plan, worked out from its sizes. The bound holds of every "
        f"plan {_which(document)}, and is rounded down."
    ]
    if document["certificate"].get("prices"):
        told.append(
            " The plan keeps the prices that prove it: microdc verify --bound adds them up."
        )
    return told


def _which(document: dict[str, Any]) -> str:
    """Say of which plans the bound holds."""
    if document.get("stage"):
        return "of this stage alone, whatever the programme's others ask"
    return f"of the scenario{whose(document)}"


def _rows(document: dict[str, Any]) -> list[list[object]]:
    proven, a_year = document["certificate"], f"M {document['currency']} a year"
    counts = proven["counts"]
    rows: list[list[object]] = [
        ["cost", number(proven["cost_mn_yr"]), a_year],
        ["proven lower bound", number(money_down(proven["bound_mn_yr"])), a_year],
        ["gap", percent_up(proven["gap"]), f"of the cost; asked: {percent(proven['asked_gap'])}"],
        ["unavoidable cost", number(money_down(proven["floor_mn_yr"])), a_year],
        ["gap on the avoidable cost", percent_up(proven["gap_avoidable"]), ""],
        ["unserved demand", number(proven["unserved_mw_it"], 1), "MW IT"],
        ["time", number(proven["seconds"], 1), "s"],
    ]
    least = proven.get("unserved_bound_mw_it")
    if least is not None:
        rows.append([least_unserved(document), number(tenth_down(least), 1), "MW IT"])
    rows += [list(row) for row in all_in_rows(document)]
    rows.append(["method", METHODS[proven.get("method", "cuts")], ""])
    return rows + [[f"search: {name}", number(count, 0), ""] for name, count in counts.items()]


def _items(document: dict[str, Any]) -> list[list[object]]:
    lines = document["cost_mn_yr"]
    rows: list[list[object]] = [[item, number(mn_yr)] for item, mn_yr in lines.items() if mn_yr]
    rows.append(["together", number(sum(lines.values()))])
    rows.append(["capital, not annualised (M in all)", number(document["capital_mn"], 1)])
    return rows
