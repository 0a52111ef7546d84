"""Batches worked out one scenario after the other, for tests of what is said of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from microdc.batch.result import Result, Status
from microdc.errors import InfeasibleError, InputError
from microdc.report.brief import in_brief
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario


def batch_of(files: Sequence[Path], out: Path) -> list[Result]:
    """Plan scenario files into folders below `out`; what has no plan has its reason."""
    return [_result(file, out) for file in files]


def _result(file: Path, out: Path) -> Result:
    result = Result(name=file.stem, file=file.absolute(), status=Status.PLANNED, seconds=1.0)
    settings = {"threads": 1}
    try:
        done = plan_scenario(
            file,
            out / file.stem,
            force=False,
            overrides=settings,
            watch=lambda _: None,
            clock=Clock(float("inf")),
        )
    except InfeasibleError as error:
        return replace(result, status=Status.INFEASIBLE, reason=error.message)
    except InputError as error:
        return replace(result, status=Status.BAD_INPUT, reason=error.message)
    return replace(result, plan=Path(file.stem), figures=in_brief(done.plan.to_document()))
