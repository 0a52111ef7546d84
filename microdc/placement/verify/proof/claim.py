"""What prices prove, beside what the plan says they do and what it claims in all."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from microdc.errors import BrokenPromiseError, UsageError
from microdc.placement.verify.document import PRICES, read_document, read_prices, read_service
from microdc.placement.verify.facts import MONEY_MN, MONEY_SHARE, SAME, gather, told
from microdc.placement.verify.hours.used import hours_are_told, hours_used_stand_for_a_year
from microdc.placement.verify.proof.bound import bound_mn_yr
from microdc.placement.verify.proof.demand import odd_prices, points_of
from microdc.placement.verify.proof.hours.held import odd_shares
from microdc.placement.verify.proof.hours.power import odd_limits_by_hour
from microdc.placement.verify.proof.hours.wanted import odd_times
from microdc.placement.verify.proof.limits import odd_limits
from microdc.placement.verify.proof.outages.needed import odd_needed

AGREEMENT_SHARE = 1e-5
"""By how much less than stated the prices may prove; the search's arithmetic is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """
    What no plan can cost less than, in millions a year.

    by_prices
        Worked out again from the plan's prices and the raw inputs.
    stated
        What the plan says its prices prove.
    claimed
        The bound of the plan's certificate; what is above `by_prices` is the solver's claim.
    cost
        That of the plan.
    """

    by_prices_mn_yr: float
    stated_mn_yr: float
    claimed_mn_yr: float
    cost_mn_yr: float
    currency: str

    @property
    def in_full(self) -> bool:
        """Whether the prices alone prove all that is claimed."""
        return not _exceeds(self.claimed_mn_yr, self.by_prices_mn_yr, SAME)


_NO_PRICES = {
    "textbook": "plan it again, without `solve: {formulation: compact}`",
    "pairs": "plans in which service has a price keep none",
    "assignment": "plans without split service keep none where it has a price, or a point a limit",
}
"""What to do about a plan without prices, by how it was found."""


def proven_by_prices(folder: Path) -> Proven:
    """
    Work out again what the prices of a plan prove: no solver, nothing of the search.

    Raises UsageError if the plan keeps no prices, BrokenPromiseError if they are not the prices of
    its demand and limits or prove less than the plan says, InputError if it cannot be read.
    """
    folder = folder.resolve()
    document = read_document(folder)
    proof = document.certificate.prices
    if proof is None:
        msg = "this plan keeps no prices to prove its bound with: the bound is the solver's claim"
        raise UsageError(msg, hint=_NO_PRICES.get(document.certificate.method, ""))
    facts, prices = gather(folder, document, read_service(folder)), read_prices(folder)
    points = points_of(facts)
    odd = [
        *hours_are_told(facts),
        *hours_used_stand_for_a_year(facts),
        *odd_prices(facts, points, prices.points),
        *odd_needed(points, prices.needed),
        *told(odd_times(facts, prices.points)),
        *told(odd_shares(facts, prices.held_hours)),
        *odd_limits(facts, proof, points),
        *told(odd_limits_by_hour(facts, proof)),
    ]
    if odd:
        raise BrokenPromiseError(odd)
    proven = Proven(
        by_prices_mn_yr=bound_mn_yr(facts, points, prices, proof),
        stated_mn_yr=proof.bound_mn_yr,
        claimed_mn_yr=document.certificate.bound_mn_yr,
        cost_mn_yr=document.certificate.cost_mn_yr,
        currency=document.currency,
    )
    broken = list(_contradictions(proven))
    if broken:
        raise BrokenPromiseError(broken)
    return proven


def _contradictions(proven: Proven) -> Iterator[str]:
    found, money = proven.by_prices_mn_yr, f"M {proven.currency} a year"
    if _exceeds(proven.stated_mn_yr, found, AGREEMENT_SHARE):
        yield (
            f"the prices are said to prove {proven.stated_mn_yr:.6f} {money}, "
            f"they prove {found:.6f} ({PRICES})"
        )
    if _exceeds(found, proven.cost_mn_yr, MONEY_SHARE):
        yield (
            f"no plan costs less than {found:.6f} {money}, prove the prices, "
            f"and the plan costs {proven.cost_mn_yr:.6f}"
        )


def _exceeds(said: float, found: float, share: float) -> bool:
    return said > found + share * abs(found) + MONEY_MN
