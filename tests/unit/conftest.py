"""The first instance, solvable in the head; and a small scenario written anew for each test."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from microdc.errors import Fault, InputError
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.instance import Instance, Reach
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
def tiny() -> Instance:
    """
        north (10 MW, 1 M a year) -- a (2 MW IT) -- b (4) -- c (4) -- south (20 MW, 2 M a year)

    Power costs 1 M per MW and year, PUE is 1. `a` reaches north alone, `c` south alone, `b` both;
    leaving demand costs 10 M per MW IT. North must be at least 5 MW, so: north 5 to 6 MW,
    south 4 (at least 5). Cheapest: 10 MW in all, both built: 1 + 2 + 10 = 13 M a year.
    """
    return Instance(
        sites=pd.DataFrame(
            {
                "min_mw": 5.0,
                "cap_mw": [10.0, 20.0],
                "existing_mw": 0.0,
                "pue": 1.0,
                "site_mn_yr": [1.0, 2.0],
                "size_mn_per_mw_yr": 1.0,
                "site_capital_mn": [10.0, 20.0],
                "size_capital_mn_per_mw": 10.0,
                "modular": True,
                "standing": False,
                "forced": False,
                "forbidden": False,
            },
            index=pd.Index(["north", "south"], name="id"),
        ),
        points=pd.DataFrame(
            {"place": list("abc"), "service": "chat", "group": 0, "mw_it": [2.0, 4.0, 4.0]}
        ),
        groups=pd.DataFrame(
            {"unserved_mn_per_mw_yr": [10.0], "max_unserved_mw_it": [10.0]}, index=["chat"]
        ),
        reach=Reach(
            start=np.array([0, 1, 3, 4]),
            site=np.array([0, 0, 1, 1], dtype=np.int32),
        ),
        nodes=pd.DataFrame({"limit_mw": np.empty(0)}),
        below=csr_array((0, 2)),
    )


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
