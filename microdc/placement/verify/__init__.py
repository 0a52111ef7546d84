"""
Does a plan keep what it says? Asked again from the raw inputs, in the plainest way.

Nothing here is shared with the search: distances, costs, the walk up the power tree and the cost
that no plan avoids are all worked out anew; the reader of scenario and tables, the prices of
connections by voltage and the wording of the verdict are the same. That no plan costs less than
the bound is worked out on request, as far as the prices go that the plan keeps. The rest of the
bound, that no plan serves more, and counts, seconds and trail remain the solver's claim.
"""

from pathlib import Path

from microdc.errors import InputError
from microdc.placement.verify import inputs, money, objectives, reach, service, sites, summaries
from microdc.placement.verify.document import read_document, read_service
from microdc.placement.verify.facts import gather
from microdc.placement.verify.hosts import differing, hubs, tiers
from microdc.placement.verify.hours import figures, served, terms, used
from microdc.placement.verify.inputs import CHANGED
from microdc.placement.verify.land import apart, excluded, parcels, projects
from microdc.placement.verify.outages import losses, survived
from microdc.placement.verify.proof.claim import proven_by_prices
from microdc.scenario import Scenario

__all__ = ["CHANGED", "broken_promises", "proven_by_prices"]

PROMISES = (
    *inputs.PROMISES,
    *service.PROMISES,
    *sites.PROMISES,
    *hubs.PROMISES,
    *tiers.PROMISES,
    *differing.PROMISES,
    *excluded.PROMISES,
    *apart.PROMISES,
    *parcels.PROMISES,
    *projects.PROMISES,
    *survived.PROMISES,
    *losses.PROMISES,
    *used.PROMISES,
    *terms.PROMISES,
    *served.PROMISES,
    *figures.PROMISES,
    *money.PROMISES,
    *objectives.PROMISES,
    *reach.PROMISES,
    *summaries.PROMISES,
)


def broken_promises(folder: Path, scenario: Scenario | None = None) -> list[str]:
    """
    Name every promise that the plan in a folder breaks; none if it keeps them all.

    Reads `plan.json` and `service.parquet`, and the scenario and tables that the plan names; a
    `scenario` counts in place of what the file says, where a part of it was planned. Power
    is compared to 100 W, money to a millionth, round trips to a nanosecond. Inputs that are gone or
    no longer make sense are a broken promise; raises InputError if the plan itself cannot be read.
    """
    folder = folder.resolve()
    document, rows = read_document(folder), read_service(folder)
    broken = inputs.altered_scenario(folder, document)
    try:
        facts = gather(folder, document, rows, scenario)
    except InputError as error:
        return [*broken, *(f"the inputs can no longer be read: {f}" for f in error.faults)]
    return broken + [line for promise in PROMISES for line in promise(facts)]
