"""What is proven of a programme, how its cost adds up, and what it costs that sites stay."""

from microdc.placement.stages import Programme, StagePlan, TimeToPower
from microdc.placement.words.rounding import money_down, money_up, percent_up, tenth_up
from microdc.report.page.markup import Html, joined, section, table, tag
from microdc.report.page.sections.proof import ENDED
from microdc.report.staged.risk import amount, name_of
from microdc.report.words import NONE, number, percent


def proof(programme: Programme) -> Html:
    """Give the certificate of a programme, and its cost stage by stage."""
    begun = programme.pilots == "first-stage"
    which = "programme that begins with these pilots" if begun else "programme of the scenario"
    which += " and serves as much" if programme.time_to_power else ""
    exact = (
        " The cost is that of these very plans, each year at its discounted worth. The bound holds "
        f"of every {which}, and is rounded down. The plan of a stage is part of the programme: "
        "what is proven is proven of all stages together."
    )
    return section(
        "proof",
        "Proof",
        tag("p", joined(ENDED[programme.status], exact)),
        table("Certificate", ("what", "#how much", "unit"), _certificate(programme)),
        table("Cost by stage", _columns(programme.currency), _costs(programme)),
        tag("p", _likely(programme), class_="note") if programme.stages[-1].future else None,
    )


def _likely(programme: Programme) -> str:
    counts = "The years of a stage in a future count as often as that future is likely"
    if programme.risk == "expected":
        return f"{counts}: cost and bound are those to be expected."
    return f"{counts} in the table of costs; the certificate is of the futures as asked for."


def _certificate(programme: Programme) -> list[list[object]]:
    money = f"M {programme.currency}, net present"
    return [
        *_service(programme.time_to_power),
        [_name(programme), amount(programme.risk, programme.cost_mn), money],
        ["proven lower bound", number(money_down(programme.bound_mn)), money],
        ["gap", percent_up(programme.gap), "of the cost"],
        *_expected(programme, money),
        ["discount rate", percent(programme.discount_rate), "a year"],
        ["time", number(programme.seconds, 1), "s"],
    ]


def _name(programme: Programme) -> str:
    """Name what the certificate is of."""
    if programme.risk == "expected":
        return "cost"
    return name_of(programme.risk, programme.cvar_level).lower()


def _expected(programme: Programme, money: str) -> list[list[object]]:
    if programme.risk == "expected":
        return []
    return [["cost to be expected", number(programme.expected_mn), money]]


def _service(timed: TimeToPower | None) -> list[list[object]]:
    if timed is None:
        return []
    served, most = number(timed.served_mw_months, 1), number(tenth_up(timed.at_most_mw_months), 1)
    return [
        [f"served before {timed.before}", served, "MW-months of IT"],
        ["proven most possible", most, "MW-months of IT"],
    ]


def _columns(currency: str) -> tuple[str, ...]:
    return (
        *("stage", "from", "to", f"#M {currency} a year", "#discounted years"),
        *(f"#M {currency} net present", f"#capital of all sites so far, M {currency}"),
    )


def _costs(programme: Programme) -> list[list[object]]:
    rows: list[list[object]] = [
        [
            stage.name,
            stage.begins,
            stage.ends,
            number(_cost_mn_yr(stage)),
            number(stage.weight_yr, 3),
            number(stage.weight_yr * _cost_mn_yr(stage)),
            number(stage.plan.capital_mn, 1),
        ]
        for stage in programme.stages
    ]
    weight_yr = sum(stage.weight_yr for stage in programme.stages)
    cost_mn = number(programme.expected_mn)
    return [*rows, ["together", "", "", "", number(weight_yr, 3), cost_mn, ""]]


def _cost_mn_yr(stage: StagePlan) -> float:
    return stage.plan.certificate.cost_mn_yr


def nestedness(programme: Programme) -> Html | None:
    """Give what it costs that what is built stays, stage by stage; None where nobody asked."""
    price, money = programme.nestedness, f"M {programme.currency}"
    if price is None:
        return None
    said = (
        f"That what is built stays costs {number(price.cost_mn)} {money} net present beyond the "
        "plans found of each stage alone, and is proven to cost between "
        f"{number(money_down(price.at_least_mn))} and {number(money_up(price.at_most_mn))}."
    )
    columns = (
        *("stage", "#in the programme", "#found alone", "#alone, at least", "#difference"),
        *("#sites in the programme", "#sites alone"),
    )
    rows = [_beside_alone(stage) for stage in programme.stages]
    costs = table(f"Cost of each stage, {money} a year", columns, rows)
    return section("nestedness", "The price of nestedness", tag("p", said), costs)


def _beside_alone(stage: StagePlan) -> list[object]:
    cost_mn_yr, alone, sites = _cost_mn_yr(stage), stage.alone, len(stage.plan.sites)
    if alone is None:
        return [stage.name, number(cost_mn_yr), NONE, NONE, NONE, sites, NONE]
    return [
        stage.name,
        number(cost_mn_yr),
        number(alone.cost_mn_yr),
        number(money_down(alone.bound_mn_yr)),
        number(cost_mn_yr - alone.cost_mn_yr),
        sites,
        alone.sites,
    ]
