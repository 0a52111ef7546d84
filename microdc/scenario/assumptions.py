"""The defaults that a scenario relies on, each with its unit and source."""

from collections.abc import Iterator
from dataclasses import dataclass

from microdc.scenario.costs import COST_YEAR, IN_DOLLARS
from microdc.scenario.grammar import Scenario
from microdc.scenario.words import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A number that the user did not state."""

    key: str
    value: float
    unit: str
    source: str


def assumptions(scenario: Scenario) -> list[Assumption]:
    """List the defaults in use, in the order of the grammar; costs in the scenario's currency."""
    names = ["latency", "sites", "compute", "costs", *(["programme"] if scenario.stages else [])]
    sections = {name: getattr(scenario, name) for name in names}
    found = list(_power_factors(scenario))
    for place, source in enumerate(scenario.parcels):
        found += _defaults(source, _way("parcels", place, len(scenario.parcels)), scenario)
    for name, section in sections.items():
        found += _defaults(section, name, scenario)
    if scenario.hours is not None:
        for name, service in scenario.services.items():
            found += _defaults(service, f"services.{name}", scenario)
    for id_, mw in scenario.reinforce.items():
        works = "headroom added by works, not in the table; their cost is not counted"
        found.append(Assumption(key=f"reinforce.{id_}", value=mw, unit="MW", source=works))
    return found


def _power_factors(scenario: Scenario) -> Iterator[Assumption]:
    """Name the power factor where a unit of a table is MVA; firm capacity shows its own."""
    for place, source in enumerate(scenario.substations):
        if any(unit.upper() in ("MVA", "KVA") for unit in source.units.values()):
            way = _way("substations", place, len(scenario.substations))
            yield from _defaults(source, way, scenario)


def _way(key: str, place: int, count: int) -> str:
    """Name one of several tables as `check` counts them, from 1; the only one by its key alone."""
    return key if count == 1 else f"{key}[{place + 1}]"


def _defaults(section: Section, way: str, scenario: Scenario) -> Iterator[Assumption]:
    for name, field in type(section).model_fields.items():
        value, key = getattr(section, name), f"{way}.{name}"
        if isinstance(value, Section):
            yield from _defaults(value, key, scenario)
        elif isinstance(field.json_schema_extra, dict) and name not in section.model_fields_set:
            yield Assumption(
                key=key,
                value=float(value),
                unit=_unit(str(field.json_schema_extra["unit"]), scenario.currency),
                source=str(field.json_schema_extra["source"]) + _conversion(name, scenario),
            )


def _unit(unit: str, currency: str) -> str:
    return unit.replace("currency", currency).replace("M/", f"M {currency}/", 1)


def _conversion(name: str, scenario: Scenario) -> str:
    if name not in IN_DOLLARS or scenario.dollar == 1:
        return ""
    return f"; USD {COST_YEAR} x {scenario.dollar:g} {scenario.currency}/USD"
