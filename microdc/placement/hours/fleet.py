"""A finished plan hour by hour: what each service draws at home, and what there is to draw."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.instance import Floats, Hours, Ints
from microdc.placement.hours.routing import Room
from microdc.placement.outages.fleet import Fleet


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyFleet:
    """
    A plan, and the hours in which it promises service.

    fleet
        Hosts, wants and who serves whom at home, at the peak of each service.
    hours
        Of the fleet's hosts and wants alone.
    home
        What each want is served from each host at its peak (MW IT), wants x hosts.
    existing_mw
        What exists of each host (MW); shape (hosts,).
    """

    fleet: Fleet
    hours: Hours
    home: csr_array
    existing_mw: Floats

    @property
    def pue(self) -> Floats:
        """Grid power of a MW IT at each host."""
        pue: Floats = self.mw / self.fleet.hosts["mw_it"].to_numpy(float)
        return pue

    @property
    def mw(self) -> Floats:
        """Connection of each host (MW)."""
        return self.fleet.hosts["mw"].to_numpy(float)

    @property
    def peak_mw_it(self) -> Floats:
        """What each want is served at its peak (MW IT)."""
        return np.asarray(self.home.sum(axis=1)).ravel()

    @property
    def moves(self) -> Ints:
        """Wants (rows) that may be served from elsewhere."""
        return np.flatnonzero(self.hours.services["moves"].to_numpy(bool)[self.hours.service])

    def room(self, hour: int) -> Room:
        """Give the power that there is in an hour."""
        existing_mw = self.hours.below @ self.existing_mw
        return Room(
            mw=np.minimum(self.mw, self.hours.available_mw[hour]),
            pue=self.pue,
            limit_mw=self.hours.limit_mw[hour] + existing_mw,
            below=self.hours.below,
        )

    def drawn_at_home_mw_it(self) -> Floats:
        """Give what each host serves in each hour as long as all are at home; hours x hosts."""
        services = len(self.hours.services)
        of_service = csr_array(
            (np.ones(len(self.hours.service)), (self.hours.service, np.arange(self.home.shape[0]))),
            shape=(services, self.home.shape[0]),
        )
        return np.asarray(self.hours.share @ (of_service @ self.home).toarray())


def by_the_hour(fleet: Fleet, hours: Hours, existing_mw: "pd.Series[float]") -> HourlyFleet:
    """Lay a plan out by the hour; `hours` are of the fleet's hosts and wants, in their order."""
    shape = (len(fleet.wants), len(fleet.hosts))
    home = csr_array((fleet.mw_it, (fleet.want, fleet.host)), shape=shape)
    home.sum_duplicates()
    existing = np.asarray(existing_mw.reindex(fleet.hosts.index, fill_value=0.0), np.float64)
    return HourlyFleet(fleet=fleet, hours=hours, home=home, existing_mw=existing)
