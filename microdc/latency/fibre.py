"""How a distance on the ground becomes a round-trip time in fibre."""

from dataclasses import dataclass

from microdc.instance import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Fibre:
    """The path from a demand point to a site: longer than the crow flies, at the speed of glass."""

    route_factor: float
    """Cable length divided by great-circle distance."""

    km_per_ms: float
    """One-way speed of light in fibre (km/ms)."""

    def path_ms(self, km: Floats) -> Floats:
        """Give the round trip over the path alone (ms) for great-circle distances (km)."""
        return 2 * self.route_factor * km / self.km_per_ms

    def within_km(self, path_ms: Floats) -> Floats:
        """Give the distance (km) that a round trip over the path (ms) allows."""
        return path_ms * self.km_per_ms / (2 * self.route_factor)
