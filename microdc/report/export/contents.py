"""What an export holds: a plan, or the plans of all stages of a programme in the same tables."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd

from microdc.placement.plan import Plan
from microdc.report.export.layers import (
    STAGE,
    hubs_table,
    layers_of,
    service_table,
    sites_table,
)
from microdc.report.geojson import features_of

Feature = dict[str, Any]
Table = TypeVar("Table", bound=pd.DataFrame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """
    Plans to be written together.

    stages
        Names of the stages, as many as `plans`: the first column, or property, of every row says
        which it is of. Empty: there is one plan, and no such column.
    """

    name: str
    plans: Sequence[Plan]
    stages: Sequence[str] = ()

    @property
    def attributions(self) -> list[str]:
        """Give what all plans must credit, each once."""
        return list(dict.fromkeys(chain(*(plan.attributions for plan in self.plans))))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Give the flat tables: `sites`, `hubs` where there are any, `service`."""
        return self._together(_tables)

    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Give the layers of a map, as `layers_of` describes them."""
        return self._together(layers_of)

    def features(self) -> dict[str, Iterable[Feature]]:
        """Give the features of GeoJSON, layer by layer; of a stage, its name is in their ids."""
        if not self.stages:
            return features_of(self.plans[0])
        found: dict[str, list[Feature]] = {}
        for stage, plan in zip(self.stages, self.plans, strict=True):
            for name, features in features_of(plan).items():
                found.setdefault(name, []).extend(_of_stage(stage, one) for one in features)
        return dict(found)

    def _together(self, of: Callable[[Plan], dict[str, Table]]) -> dict[str, Table]:
        """Put the tables of the same name below one another."""
        if not self.stages:
            return of(self.plans[0])
        found: dict[str, list[Table]] = {}
        for stage, plan in zip(self.stages, self.plans, strict=True):
            for name, table in of(plan).items():
                table.insert(0, STAGE, stage)
                found.setdefault(name, []).append(table)
        return {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}


def _tables(plan: Plan) -> dict[str, pd.DataFrame]:
    hubs = {"hubs": hubs_table(plan)} if len(plan.hubs) else {}
    return {"sites": sites_table(plan), **hubs, "service": service_table(plan)}


def _of_stage(stage: str, feature: Feature) -> Feature:
    told = {STAGE: stage, **feature["properties"]}
    return {**feature, "id": f"{stage}/{feature['id']}", "properties": told}
