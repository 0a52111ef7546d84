"""The parts of a page that are there without a script: verdict, charts, certificate, sources."""

from typing import Any

from microdc.report.page.charts import charts
from microdc.report.page.markup import Html, joined, tag
from microdc.report.page.sections.ending import ending
from microdc.report.page.sections.explorer import explorer, listings
from microdc.report.page.sections.opening import opening, parts_of, top
from microdc.report.page.sections.promises import promises
from microdc.report.page.sections.proof import proof
from microdc.report.page.sections.unserved import unserved


def sections_of(document: dict[str, Any], block: dict[str, Any], missing: str) -> Html:
    """
    Give the body of a plan's page.

    `document` is what `plan.json` holds, `block` what scripts read, `missing` why the page knows
    less than it could, if it does.
    """
    left = unserved(document, block)
    main = (
        opening(document),
        explorer(block, missing),
        left,
        listings(block),
        promises(document),
        charts(document, block),
        proof(document),
        *ending(document),
    )
    skip = tag("a", "Skip to the plan", href="#main", class_="skip")
    head = top(document["name"], parts_of(short=left is not None))
    return joined(skip, head, tag("main", *main, id="main"))
