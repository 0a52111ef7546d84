"""The fleets of a batch, each once, however many scenarios came to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from microdc.batch.summary.told import Fleet, Told
from microdc.instance import WATT_MW


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Sites and their sizes, as a plan builds them; named after the first scenario of that plan."""

    scenarios: tuple[str, ...]
    """Those whose plan is this fleet."""
    sizes_mw: dict[str, float]
    """Grid connection by id (MW), what exists included."""
    places: dict[str, tuple[float, float]]
    """Latitude and longitude by id (degrees)."""

    @property
    def name(self) -> str:
        """The first scenario whose plan it is."""
        return self.scenarios[0]


def different_fleets(told: Iterable[Told]) -> list[Built]:
    """Give each fleet once; sizes are told apart to a watt."""
    scenarios: dict[tuple[tuple[str, int], ...], list[str]] = {}
    fleets: dict[tuple[tuple[str, int], ...], Fleet] = {}
    for one in told:
        if one.fleet is not None:
            same = tuple(sorted((s["id"], round(s["mw"] / WATT_MW)) for s in one.fleet.sites))
            scenarios.setdefault(same, []).append(one.name)
            fleets.setdefault(same, one.fleet)
    return [
        Built(
            scenarios=tuple(names),
            sizes_mw={site["id"]: float(site["mw"]) for site in fleets[same].sites},
            places={s["id"]: (float(s["lat"]), float(s["lon"])) for s in fleets[same].sites},
        )
        for same, names in scenarios.items()
    ]
