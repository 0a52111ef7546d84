"""Does a programme keep what it says? Each stage by itself, and all of them together."""

from pathlib import Path

from microdc.placement.verify import broken_promises
from microdc.placement.verify.document import STAGES, read_programme
from microdc.placement.verify.stages.across import broken_across_stages

__all__ = ["broken_across_stages", "broken_programme", "is_programme"]


def is_programme(folder: Path) -> bool:
    """Whether a folder holds a programme, and not the plan of one scenario or stage."""
    return (folder / STAGES).is_file()


def broken_programme(folder: Path) -> list[str]:
    """Name every promise that a programme breaks, those of a stage's plan with its name."""
    broken = broken_across_stages(folder)
    for stage in read_programme(folder).stages:
        broken += [f"{stage.name}: {line}" for line in broken_promises(folder / stage.folder)]
    return broken
