"""What cost and bound of a programme are of: expected, of a tail, of the worst, or a regret."""

from microdc.placement.stages import REGRET
from microdc.placement.words.rounding import money_down, money_up, percent_up
from microdc.report.tables.layout import Record
from microdc.report.words import number, percent


def name_of(risk: str, level: float | None) -> str:
    """Name what is to be least."""
    if risk == "cvar":
        return f"Mean cost of the dearest {_tail(level)} of cases"
    names = {"worst-cost": "Cost in the dearest future", REGRET: "Worst regret, at most"}
    return names.get(risk, "Cost of this programme")


def amount(risk: str, cost_mn: float) -> str:
    """Write what a programme comes to (millions); a regret is an upper bound."""
    return number(money_up(cost_mn) if risk == REGRET else cost_mn)


def cost_in_words(told: Record, such: str) -> str:
    """Say what the programme costs by its risk, and what none costs less than; `such` are these."""
    money, years = f"M {told['currency']}", f"all years to {told['stages'][-1]['to']}"
    worth = f"at their worth in {told['stages'][0]['from']} at {100 * told['discount_rate']:g} %"
    cost, bound = f"{told['cost_mn']:.2f} {money}", f"{money_down(told['bound_mn']):.2f}"
    expected = f"{told['expected_mn']:.2f} is to be expected"
    if told["risk"] == REGRET:
        most = f"{money_up(told['cost_mn']):.2f} {money}"
        return (
            f"Over {years}, {worth} a year, it costs at most {most} more than the best programme "
            f"that knew which future comes; of every programme{such}, {bound} or more may come to "
            f"be regretted. {expected} as its cost."
        )
    if told["risk"] == "expected":
        sure = not any(one["future"] for one in told["stages"])
        all_years = years[0].upper() + years[1:]
        all_years = all_years if sure else f"Over all futures, as likely as they are, {years}"
        return (
            f"{all_years} cost {cost}, {worth} a year; no programme{such} can cost less than "
            f"{bound}."
        )
    where = "In its dearest future"
    if told["risk"] == "cvar":
        where = f"In the dearest {_tail(told['cvar_level'])} of cases, in the mean,"
    return (
        f"{where} {years} cost {cost}, {worth} a year; no programme{such} can cost less than "
        f"{bound} there. {expected}."
    )


def near_in_words(told: Record, best: str) -> str:
    """Say how near the best that is."""
    near = f"within {percent_up(told['gap'])} of"
    if told["risk"] == REGRET:
        return f"{near} the cost from the least regret{best}"
    return f"{near} the best{best}"


def _tail(level: float | None) -> str:
    return percent(1.0 - (level or 0.0))
