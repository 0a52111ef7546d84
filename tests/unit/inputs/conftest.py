"""A small scenario written anew for each test, and the region read from it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from microdc.errors import Fault, InputError
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.scenario import Scenario, load_scenario

SUBSTATIONS = """id,name,lat,lon,headroom_mw,parent,candidate
hub,Hub,51,-1,15,,false
west,West,51,-1.1,10,hub,true
east,East,51,-0.9,12,Hub,true
"""
PLACES = """id,name,lat,lon,population
town,Town,51,-1,500000
"""


@pytest.fixture
def scenario_of(tmp_path: Path) -> Callable[..., Scenario]:
    """Write tables and a scenario around them; texts are file contents, mappings are keys."""

    def make(
        substations: str | bytes | None = SUBSTATIONS,
        demand: str | bytes | None = PLACES,
        *,
        source: Any = None,
        places: Any = None,
        services: Any = None,
        **keys: Any,
    ) -> Scenario:
        for name, content in (("substations.csv", substations), ("places.csv", demand)):
            if content is not None:
                raw = content if isinstance(content, bytes) else content.encode()
                (tmp_path / name).write_bytes(raw)
        near = {"rtt_ms": 2, "kw_it_per_1000_people": 4, "unserved_mn_per_mw_yr": 4}
        document = {
            "schema": 1,
            "name": "small",
            "substations": _source("substations.csv", source),
            "demand": _source("places.csv", places),
            "services": services or {"near": near},
            **keys,
        }
        path = tmp_path / "scenario.yaml"
        path.write_text(json.dumps(document), encoding="utf-8")
        return load_scenario(path)

    return make


def _source(path: str, keys: Any) -> Any:
    return keys if isinstance(keys, list) else {"path": path} | (keys or {})


@pytest.fixture
def region_of(scenario_of: Callable[..., Scenario]) -> Callable[..., Region]:
    """Read the region of a scenario written as `scenario_of` does."""
    return lambda *args, **keys: read_region(scenario_of(*args, **keys))


@pytest.fixture
def faults_of(scenario_of: Callable[..., Scenario]) -> Callable[..., tuple[Fault, ...]]:
    """Give the faults of a scenario written as `scenario_of` does; it must have some."""

    def faults(*args: Any, **keys: Any) -> tuple[Fault, ...]:
        scenario = scenario_of(*args, **keys)
        with pytest.raises(InputError) as caught:
            read_region(scenario)
        return caught.value.faults

    return faults
