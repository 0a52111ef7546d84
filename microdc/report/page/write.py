"""`report.html`: made of a plan's folder, and put in its place when it is finished."""

from functools import partial
from pathlib import Path

from microdc.errors import UsageError
from microdc.placement.plan import Plan
from microdc.placement.store import beside, read_plan
from microdc.placement.verify.stages import is_programme
from microdc.report.page.data import block_of
from microdc.report.page.inputs import Why, inputs_of
from microdc.report.page.sections import sections_of
from microdc.report.page.sections.unserved import leaves_some
from microdc.report.page.shell import SCRIPTS, Page, page
from microdc.report.page.stages import programme_page

FILE_NAME = "report.html"


def write_report(
    folder: Path, out: Path | None = None, *, force: bool = False, why: Why | None = None
) -> Path:
    """
    Write the plan of a folder as a page, into that folder or to the file `out`; give its path.

    A programme of stages becomes one page with all of them.

    `why` is asked where the plan leaves demand unserved and what it was made from is still there.
    Raises InputError if there is no plan in the folder, UsageError if `out` is there already and is
    not to be replaced (`force`). In a plan's own folder the page is its own.
    """
    staged = is_programme(folder)
    made = partial(programme_page, folder) if staged else partial(report_page, read_plan(folder))
    place = folder / FILE_NAME if out is None else out
    if out is not None:
        _refuse_taken(out, force=force)
    place.parent.mkdir(parents=True, exist_ok=True)
    text = made(why)
    # Beside the plan's folder: what a killed run leaves there does not stand in a plan's way.
    with beside(folder.resolve() if out is None else place.resolve()) as draft:
        written = draft / FILE_NAME
        written.write_text(text, encoding="utf-8", newline="\n")
        return written.replace(place)


def _refuse_taken(out: Path, *, force: bool) -> None:
    if out.is_dir():
        msg = f"{out} is a folder"
        raise UsageError(msg, hint="name a file with --out, such as report.html")
    if out.exists() and not force:
        msg = f"{out} exists already"
        raise UsageError(msg, hint="replace it with --force, or name another file with --out")


def report_page(plan: Plan, why: Why | None = None) -> str:
    """Give a plan as a page of HTML that asks for nothing; `why` as `write_report` has it."""
    inputs, missing = inputs_of(plan)
    document = plan.to_document()
    told = why(plan, inputs) if why and inputs and leaves_some(document) else None
    block = block_of(plan, inputs, told)
    body = sections_of(document, block, missing)
    return page(Page(title=f"{plan.name}: plan", body=body, data=block, scripts=SCRIPTS, maps=True))
