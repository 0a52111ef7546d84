"""Questions about a plan in a folder, answered and, if asked, laid on a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microdc.report.explained.candidates import refuse_taken, write_candidates
from microdc.solve.highs import Clock
from microdc.solve.outcome import Watch
from microdc.studies.explaining.headroom.value import value_headroom
from microdc.studies.explaining.planned import Planned, take_up
from microdc.studies.explaining.sites.answers import Answer, ask_about
from microdc.studies.explaining.sites.candidates import priced_candidates
from microdc.studies.explaining.told import headroom_told, sites_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which plan is asked about, how long it may take, and where a map of the candidates goes."""

    folder: Path
    time_limit_s: float | None = None
    """None: the scenario's."""
    out: Path | None = None
    """None: nothing is written."""
    force: bool = False


def explain_sites(asked: Asked, sites: Sequence[str], watch: Watch, clock: Clock) -> dict[str, Any]:
    """
    Say of some substations, parcels or hubs (ids, or names) why they are in a plan or are not.

    Gives what `--json` prints. Raises InputError or UsageError where plan, scenario or tables
    cannot be read or were changed, where no table has the id, and where `out` is taken.
    """
    planned = _taken_up(asked, watch, clock)
    answers = ask_about(planned, sites)
    return sites_told(answers) | _written(asked, planned, answers.sites)


def explain_headroom(asked: Asked, top: int, watch: Watch, clock: Clock) -> dict[str, Any]:
    """
    Say what headroom is worth to a plan, and which numbers to verify first, the `top` of each.

    Gives what `--json` prints. Raises as `explain_sites` does.
    """
    planned = _taken_up(asked, watch, clock)
    return headroom_told(value_headroom(planned, top)) | _written(asked, planned)


def _taken_up(asked: Asked, watch: Watch, clock: Clock) -> Planned:
    if asked.out is not None:
        refuse_taken(asked.out, force=asked.force)
    return take_up(asked.folder, asked.time_limit_s, watch, clock)


def _written(
    asked: Asked, planned: Planned, answers: Sequence[Answer] = ()
) -> dict[str, str | None]:
    if asked.out is None:
        return {"layer": None}
    rows = priced_candidates(planned, answers)
    return {"layer": str(write_candidates(rows, planned.plan.attributions, asked.out))}
