"""A programme as a folder: a plan's folder for each stage, and `stages.json` beside them."""

import json
from pathlib import Path

from microdc.placement.stages.programme import Programme
from microdc.placement.store import (
    UnsoundPlanError,
    Writer,
    beside,
    refuse_existing,
    swap_in,
    write_sound,
)
from microdc.placement.verify.document import STAGES
from microdc.placement.verify.stages import broken_across_stages


def write_programme(programme: Programme, folder: Path, *, force: bool, also: Writer) -> None:
    """
    Write every stage's plan, and what `also` makes of it, once all promises are kept.

    Everything is there, or nothing. Raises as `write_plan` does.
    """
    folder = folder.resolve()
    refuse_existing(folder, force=force)
    with beside(folder) as draft:
        for stage in programme.stages:
            (draft / stage.name).mkdir()
            write_sound(stage.plan, draft / stage.name, folder / stage.name, also)
        text = json.dumps(programme.to_document(), indent=1, ensure_ascii=False, allow_nan=False)
        (draft / STAGES).write_text(text + "\n", encoding="utf-8")
        broken = broken_across_stages(draft)
        if broken:
            msg = "the programme found does not keep its promises:\n" + "\n".join(broken)
            raise UnsoundPlanError(msg)
        swap_in(draft, folder)
