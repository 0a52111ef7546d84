"""Promises on files: the plan names its inputs, all of them, and they are what they were."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from microdc.inputs.costs import connection_assumptions
from microdc.placement.verify.document import HOURLY_SERVICE, SERVICE, Document
from microdc.placement.verify.facts import Facts, Promise, told
from microdc.scenario import assumptions
from microdc.scenario.parts.objective import words

CHANGED = "was changed since it was planned"
"""What is said of a file whose bytes are not those that were read."""


def altered_scenario(folder: Path, document: Document) -> list[str]:
    """The scenario file, and each that it extends, is to the byte the one that was planned."""
    stated = document.provenance
    files = [(stated.scenario, "the scenario file")]
    files += [(base, "a file that the scenario extends") for base in stated.bases]
    return [
        f"{what} {how}: {file.path}"
        for file, what in files
        if (how := _altered(folder / file.path, file.sha256))
    ]


def _altered(path: Path, sha256: str) -> str:
    if not path.is_file():
        return "is gone"
    return "" if _sha256(path) == sha256 else CHANGED


def bases_are_the_scenarios(facts: Facts) -> list[str]:
    """The plan names every file that its scenario extends, and no other."""
    stated = [_at(facts, base.path) for base in facts.document.provenance.bases]
    if stated == [path.resolve() for path in facts.scenario.bases]:
        return []
    return ["the files that the scenario extends are not those that the plan names"]


def altered_inputs(facts: Facts) -> list[str]:
    """Every table is, to the byte, the one that was planned."""
    true = {record.path.resolve(): record.sha256 for record in facts.region.sources}
    return told(
        f"an input table {CHANGED}: {stated.path}"
        for stated in facts.document.provenance.inputs
        if true.get(_at(facts, stated.path), stated.sha256) != stated.sha256
    )


def inputs_are_the_scenarios(facts: Facts) -> list[str]:
    """The inputs listed are those of the scenario, with title, licence and date."""
    stated = Counter(
        (_at(facts, i.path), i.title, i.licence, i.date) for i in facts.document.provenance.inputs
    )
    true = Counter((r.path.resolve(), r.title, r.licence, r.date) for r in facts.region.sources)
    foreign = (f"no input of the scenario: {path.name}, {', '.join(origin)}"
               for path, *origin in stated - true)  # fmt: skip
    missing = (f"an input of the scenario is not listed so: {path.name}, {', '.join(origin)}"
               for path, *origin in true - stated)  # fmt: skip
    return told(foreign) + told(missing)


def altered_service(facts: Facts) -> list[str]:
    """The assignment is, to the byte, the one that was written with the plan; by the hour, too."""
    stated = {SERVICE: facts.document.provenance.service_sha256}
    if facts.document.hours is not None:
        stated[HOURLY_SERVICE] = facts.document.provenance.hourly_service_sha256 or ""
    return [
        f"{name} was changed since the plan was written"
        for name, sha256 in stated.items()
        if _sha256(facts.folder / name) != sha256
    ]


def stated_as_in_scenario(facts: Facts) -> list[str]:
    """The plan is of this scenario: name, objective, currency, year, and defaults in use."""
    keys = ("name", "currency", "price_year")
    said, asked = facts.document, facts.scenario
    pairs = [(key, getattr(said, key), getattr(asked, key)) for key in keys]
    pairs.append(("objective", said.objective, words(asked.objective)))
    broken = [f"{k}: the plan says {a}, the scenario {b}" for k, a, b in pairs if a != b]
    stated = [default.model_dump() for default in facts.document.assumptions]
    rows = facts.substations.loc[facts.sites.index]
    rows = rows[rows["existing_mw"] == 0]
    mw = facts.sites["mw"].loc[rows.index]
    at_sites = connection_assumptions(rows, facts.scenario, mw)
    true = [asdict(assumption) for assumption in (*assumptions(facts.scenario), *at_sites)]
    unstated = (f"assumption not stated as it is: {a['key']} = {a['value']:g} {a['unit']}"
                for a in true if a not in stated)  # fmt: skip
    foreign = (f"assumption that the scenario does not rest on: {a['key']} = {a['value']:g}"
               for a in stated if a not in true)  # fmt: skip
    return broken + told(unstated) + told(foreign)


def says_what_it_must(facts: Facts) -> list[str]:
    """What is not checked, what the reading warned of, and whom to credit is in the plan."""
    return told(_unsaid(facts))


def _unsaid(facts: Facts) -> Iterator[str]:
    document = facts.document
    if not any(line.strip() for line in document.not_checked):
        yield "the plan does not say what is not checked"
    if not document.verdict.strip():
        yield "the plan has no verdict"
    for warning in facts.region.warnings:
        if warning not in document.warnings:
            yield f"a warning about the inputs is left out: {warning}"
    for record in facts.region.sources:
        origin = [part for part in (record.title, record.date, record.licence) if part]
        if not any(all(part in line for part in origin) for line in document.attributions):
            yield f"an input is not credited: {', '.join(origin)}"


def _at(facts: Facts, path: str) -> Path:
    return (facts.folder / path).resolve()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


PROMISES: tuple[Promise, ...] = (
    altered_inputs,
    bases_are_the_scenarios,
    inputs_are_the_scenarios,
    altered_service,
    stated_as_in_scenario,
    says_what_it_must,
)
