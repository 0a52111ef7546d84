"""What `verify` replayed of a plan, and which of it is hardest."""

from collections.abc import Iterator
from pathlib import Path

from microdc.placement.verdict import names_of
from microdc.placement.verify.document import Document, read_document


def hardest(folder: Path) -> list[str]:
    """Name the worst outage and the tightest hour of a plan that keeps its promises, if any."""
    return list(_told(read_document(folder.resolve())))


def _told(document: Document) -> Iterator[str]:
    outages, hours = document.outages, document.hours
    if outages is not None and outages.rows:
        worst = outages.rows[0]
        yield (
            f"All {outages.count:,} outage(s) are survived as promised; the worst, "
            f"{names_of(worst.model_dump())}, takes {worst.lost_mw_it:.1f} MW IT of service."
        )
    if hours is not None and hours.rows:
        row = hours.rows[0]
        yield (
            f"All {hours.count:,} hour(s) used are served; in the tightest, {row.time}, the sites "
            f"draw {row.draw_mw:.1f} of {row.available_mw:.1f} MW."
        )
