"""Why a site is not in a plan, or what it is for, in sentences that a planner can act on."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from microdc.placement.words.aims import such
from microdc.report.explained.amounts import Record, down, in_sentence, middle, saved, up
from microdc.report.words import plain


def sites_shown(told: Record) -> RenderableType:
    """Give each site a heading and its sentences."""
    parts: list[RenderableType] = []
    for answer in told["sites"]:
        heading = plain(answer["name"])
        heading.stylize("bold")
        parts += [heading, *(plain(f"  {line}") for line in answer["sentences"]), Text()]
    return Group(*parts)


def sentences(answer: Record, currency: str) -> list[str]:
    """Give what there is to say of a site, the answer first, and what a programme holds."""
    return [*_said(answer, currency), *_of_stage(answer)]


def _said(answer: Record, currency: str) -> list[str]:
    if answer["reason"]:
        return [f"It can be no site: {answer['reason']['says']}."]
    if answer["status"] == "stands":
        return list(_serves(answer, currency))
    of_cost = [] if answer["change"]["exactness"] == "impossible" else compared(answer)
    if answer["status"] == "priced":
        return [*_not_built(answer, currency), *_what_would_do(answer, currency), *of_cost]
    return [*_serves(answer, currency), *_needed(answer, currency), *of_cost]


def _of_stage(answer: Record) -> Iterator[str]:
    """Say what earlier stages settled, and that later ones are not asked; of no stage, nothing."""
    stage = answer.get("stage")
    if stage is None:
        return
    alone = f"All this is of stage {stage['name']} alone: what later stages gain is not counted."
    if answer["site"] in stage["kept"]:
        yield f"A stage before {stage['name']} built it, and what is built stays. {alone}"
    elif stage["kept"]:
        count = len(stage["kept"])
        yield f"{count} site(s) built before {stage['name']} stay, whatever is compared. {alone}"
    else:
        yield alone


def compared(told: Record) -> list[str]:
    """Say of which plans costs are compared, where that is not all; else nothing."""
    as_good = _as_good(told)
    return [f"Costs are compared with that of a plan{as_good}."] if as_good else []


def _not_built(answer: Record, currency: str) -> Iterator[str]:
    change = answer["change"]
    if change["exactness"] == "impossible":
        yield f"It could be a site by itself, but no plan{_as_good(answer)} can have it (proven)."
        return
    amount = in_sentence(change, currency)
    if answer["may_be_nothing"] and change["found_mn_yr"] is not None:
        yield f"It would do as well, as far as is proven: having it raises the cost by {amount}."
    else:
        yield f"It is not needed: having it raises the cost by {amount}."
    if answer["size_mw"]:
        yield f"In the best plan found with it, it has {answer['size_mw']:.4g} MW."
    if answer["pushes_out"]:
        near = ", ".join(answer["pushes_out"])
        yield f"It is nearer than limits.separation_km allows to {near}, and would take its place."


def _what_would_do(answer: Record, currency: str) -> Iterator[str]:
    change, money = answer["change"], f"M {currency}"
    if answer["may_be_nothing"] or change["exactness"] in ("impossible", "unknown"):
        return
    least, most = change["least_mn_yr"], change["most_mn_yr"]
    capital = answer["capital_per_mn_yr"]
    if change["exactness"] == "exact":
        told = f"cost {middle(change):.2f} {money} a year less, {middle(change) * capital:.1f} "
        yield f"It would be in if it {told}of capital (exact){_per_mw(answer, most)}."
    elif most is None:
        yield f"It stays out unless it costs {down(least)} {money} a year less (proven)."
    else:
        less = f"{up(most)} {money} a year less, {up(most * capital)} of capital"
        stays = f"; it stays out while it costs less than {down(least)} less" if least else ""
        proven = "both proven" if least else "proven"
        yield f"It would be in if it cost {less}{_per_mw(answer, most)}{stays} ({proven})."
    if answer["larger"]:
        yield _larger(answer["larger"])
    yield from _looser(answer)


def _as_good(answer: Record) -> str:
    """Say which plans count, where cost is not all: those that serve as much, for instance."""
    return such(answer["objective"], answer.get("reached", []))


def _looser(answer: Record) -> Iterator[str]:
    """Say which looser bound would do, as an estimate, or why that is not told."""
    if "least-worst-rtt" in answer["objective"].split(", "):
        yield (
            "At which looser bound it would pay is not told: a looser bound may change the "
            "shortest worst round trip, for which alone the plan's prices hold."
        )
        return
    told = [
        f"{one['service']} within {one['enough_ms']:g} ms, now {one['bound_ms']:g}"
        for one in answer["looser"]
        if one["enough_ms"] is not None
    ]
    if told:
        served = "; or ".join(told)
        yield f"At the plan's prices it would pay if it alone served {served} (estimate)."
    elif answer["looser"]:
        yield "At the plan's prices it would pay at no looser bound of any one class (estimate)."


def _per_mw(answer: Record, most: float) -> str:
    """Say what that is for each MW, of which fewer would do if it were larger."""
    return f", or at most {most / answer['size_mw']:.3f} for each MW" if answer["size_mw"] else ""


def _larger(larger: Record) -> str:
    change, tried = larger["change"], larger["tried_mw"]
    if not larger["row"]:
        return "More headroom would not help: it may have its largest size already (exact)."
    if larger["shared"]:
        limit = f"{larger['row']}, {larger['headroom_mw']:g} MW, which it shares with others"
        return f"Its size is limited by {limit}: --headroom tells what more there is worth."
    if change is None:
        return "Whether more headroom would help was not asked: time was up."
    if larger["enough_mw"] is not None:
        now = f"instead of {larger['headroom_mw']:g}"
        enough = f"{larger['enough_mw']:g} MW of headroom {now}"
        return f"With {enough} it would do as well (found; less may do)."
    if change["least_mn_yr"] is None or change["least_mn_yr"] > 0:
        return f"No headroom up to {tried:g} MW would bring it in (proven)."
    return f"Headroom up to {tried:g} MW brings it into no plan that was found (not proven)."


def _serves(answer: Record, currency: str) -> Iterator[str]:
    role = answer["role"]
    if not role["serves"] and answer["status"] == "chosen":
        cost = f"{role['cost_mn_yr']:.2f} M {currency} a year"
        yield f"It serves nobody in this plan with all in order, and costs {cost}."
        return
    if not role["serves"]:
        yield "It stands whatever is planned, and serves nobody in this plan."
        return
    each = [f"{r['mw_it']:.1f} of {r['service']} at {r['places']} place(s)" for r in role["serves"]]
    total = sum(row["mw_it"] for row in role["serves"])
    rate = f"{role['mn_per_mw_it_yr']:.2f} for each MW IT"
    yield f"It serves {total:.1f} MW IT: {', '.join(each)}."
    yield f"It costs {role['cost_mn_yr']:.2f} M {currency} a year, {rate}."
    for key, others in (
        ("only_here_of_built_mw_it", "other site of the plan"),
        ("only_here_mw_it", "other candidate"),
    ):
        mw_it = sum(row[key] for row in role["serves"])
        if mw_it:
            yield f"Of that, {mw_it:.1f} MW IT is in reach of no {others}."


def _needed(answer: Record, currency: str) -> Iterator[str]:
    change, money = answer["change"], f"M {currency}"
    if change["exactness"] == "impossible":
        yield f"Without it there is no plan{_as_good(answer)} (proven)."
        return
    if change["most_mn_yr"] is not None and change["most_mn_yr"] < 0:
        saves = in_sentence(saved(change) or change, currency)
        yield f"It is there because it must be: without it the cost falls by {saves}."
        return
    amount = in_sentence(change, currency)
    if answer["may_be_nothing"]:
        yield f"Others would do as well, as far as is proven: without it the rise is {amount}."
        return
    yield f"Without it the cost rises by {amount}."
    exact, least = change["exactness"] == "exact", change["least_mn_yr"]
    if least:
        most_more = f"{middle(change):.2f}" if exact else down(least)
        capital = down((middle(change) if exact else least) * answer["capital_per_mn_yr"])
        more = f"{most_more} {money} a year more, {capital} of capital"
        yield f"It could cost {more}, and stay in a best plan (proven)."
