"""What a page knows of each stage of a programme."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from microdc.placement.stages import Programme, StagePlan
from microdc.report.page.data import block_of
from microdc.report.page.inputs import Inputs, Why, inputs_of
from microdc.report.page.sections.unserved import leaves_some

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """
    A stage with what is known of it.

    `told` is what `stages.json` says of it, `inputs` what it was planned from, None where `missing`
    says why that is not known, and `block` what scripts read, as `block_of` has it.
    """

    stage: StagePlan
    told: dict[str, Any]
    inputs: Inputs | None
    missing: str
    block: Block


def shown_stages(programme: Programme, why: Why | None) -> Iterator[Shown]:
    """Give each stage of a programme; `why` is asked where one leaves demand unserved."""
    for stage in programme.stages:
        inputs, missing = inputs_of(stage.plan)
        asked = why if leaves_some(stage.plan.to_document()) else None
        reasons = asked(stage.plan, inputs) if asked and inputs else None
        yield Shown(
            stage=stage,
            told=stage.to_document(),
            inputs=inputs,
            missing=missing,
            block=_block(block_of(stage.plan, inputs, reasons), stage),
        )


def _block(block: Block, stage: StagePlan) -> Block:
    """
    Say what became of each site in its stage (`fate`), and of one that grew, from what size.

    Outages and hours are left to the page of the stage alone.
    """
    fates = {**dict.fromkeys(stage.added, "new"), **{one.id: "grown" for one in stage.grown}}
    from_mw = {one.id: one.from_mw for one in stage.grown}
    hosts = [
        {**host, "fate": fates.get(host["id"], "kept"), "before_mw": from_mw.get(host["id"])}
        if host["kind"] == "site"
        else host
        for host in block["hosts"]
    ]
    return {**block, "hosts": hosts, "outages": None, "hours": None}
