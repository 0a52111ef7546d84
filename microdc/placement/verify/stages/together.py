"""What is said of a programme beside what its plans and its scenario say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from microdc.placement.verify.document import Document, ProgrammeTold, StageTold
from microdc.scenario import Scenario
from microdc.scenario.parts.stages.staged import Milestone, milestones

NOTHING_MN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What `stages.json` says, beside the plan of each stage and the scenario that they name."""

    programme: ProgrammeTold
    plans: list[Document]
    scenario: Scenario

    @property
    def milestones(self) -> list[Milestone]:
        """The stages that the scenario asks for, in every future."""
        return milestones(self.scenario) if self.scenario.stages else []

    @property
    def stages(self) -> Iterator[tuple[StageTold, Document]]:
        """Each stage as it is told, with its plan."""
        return zip(self.programme.stages, self.plans, strict=True)


def month_number(text: str) -> int:
    """Number a month, YYYY-MM."""
    return 12 * int(text[:4]) + int(text[5:]) - 1


def written_month(month: int) -> str:
    """Write a month by its number, YYYY-MM."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


Promise = Callable[[Together], Iterator[str]]
