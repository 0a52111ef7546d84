"""How a distance on the ground becomes a round-trip time in fibre."""

from dataclasses import dataclass

import numpy as np
import pyproj

from microdc.instance import Floats

_EARTH = pyproj.Geod(ellps="WGS84")


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


def geodesic_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Give shortest distances on the WGS 84 ellipsoid (km) between points in degrees, pairwise."""
    _, _, metres = _EARTH.inv(lon_a, lat_a, lon_b, lat_b)
    return np.asarray(metres, dtype=float) / 1000
