"""Where a plan comes from: its inputs, their hashes, the settings and the versions used."""

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from microdc import __version__
from microdc.inputs.region import Region
from microdc.scenario import Scenario

SOLVED_WITH = ("highspy", "pyomo", "numpy", "scipy")
"""Packages whose version a plan may depend on."""


def attributions(region: Region) -> list[str]:
    """Credit each source once, as its licence demands."""
    parts = [(record.title, record.date, record.licence) for record in region.sources]
    return list(dict.fromkeys(", ".join(part for part in known if part) for known in parts))


def provenance(scenario: Scenario, region: Region) -> dict[str, Any]:
    """Give versions, settings, and the path and hash of every file that was read."""
    solver = scenario.solve
    chain = zip((scenario.path, *scenario.bases), scenario.hashes, strict=True)
    files = [{"path": path, "sha256": sha256} for path, sha256 in chain]
    return {
        "microdc": __version__,
        "python": platform.python_version(),
        **versions(),
        "formulation": solver.formulation,
        "time_limit_s": solver.time_limit_s,
        "threads": solver.threads,
        "seed": solver.seed,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "scenario": files[0],
        "bases": files[1:],
        "inputs": [
            {
                "path": record.path,
                "sha256": record.sha256,
                "title": record.title,
                "licence": record.licence,
                "date": record.date,
            }
            for record in region.sources
        ],
    }


def versions() -> dict[str, str]:
    """Give the version of each package that a plan may depend on."""
    return {package: version(package) for package in SOLVED_WITH}
