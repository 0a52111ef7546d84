"""What repairs cost, where a price can be put on them: assumptions, each with its source."""

from dataclasses import dataclass

HEADROOM_MN_PER_MW = 0.087
HEADROOM_SOURCE = (
    "a new transformer, 87 USD/kVA, mean of projects of 1995-2011 (PNNL), at power factor 1"
)
UNSERVED_MN_PER_MW_IT_YR = 10.0
UNSERVED_SOURCE = "assumption: far above what serving costs anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairPrices:
    """Prices of repairs, in millions of the scenario's currency."""

    headroom_mn_per_mw: float
    """Capital of a MW of headroom at a substation or limit (grid side)."""
    unserved_mn_per_mw_it_yr: float
    """Of a MW IT that is promised no longer, each year."""
    annuity: float
    """Share of a capital that is paid each year."""
    headroom_source: str = HEADROOM_SOURCE
    unserved_source: str = UNSERVED_SOURCE

    @property
    def headroom_mn_per_mw_yr(self) -> float:
        """What a MW of headroom costs each year."""
        return self.headroom_mn_per_mw * self.annuity
