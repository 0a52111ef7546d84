"""What is firm of a connection, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from microdc.instance import Hours
from microdc.placement.hours.firm import alone_mw, firm_together_mw, firmness

MW, EXISTING_MW = np.array([10.0, 8.0, 5.0]), np.array([2.0, 0.0, 0.0])


@pytest.fixture
def year() -> Hours:
    """
        hub (9 MW to grow, 6 in the second half) -- west (10 MW, 2 of them exist), middle (8 MW)
                                                      east (5 MW), below nothing

    Two hours, each half a year: middle has 3 MW in the first, east 5 and 4.
    """
    return Hours(
        what=pd.DataFrame({"time": ["a", "b"], "day": 0, "weight_h": 4380.0}),
        available_mw=np.array([[10.0, 3.0, 5.0], [10.0, 8.0, 4.0]]),
        limits=pd.Index(["hub"]),
        limit_mw=np.array([[9.0], [6.0]]),
        below=csr_array(np.array([[1.0, 1.0, 0.0]])),
        services=pd.DataFrame({"moves": [True], "deferred_share": 0.0, "defer_h": 0}, ["chat"]),
        share=np.ones((2, 1)),
        service=np.array([0]),
    )


def test_a_site_alone_has_its_own_headroom_and_what_every_limit_leaves_beside_what_exists(year):
    assert alone_mw(MW, EXISTING_MW, year).tolist() == [[10, 3, 5], [8, 6, 4]]


def test_what_is_firm_is_there_in_every_hour(year):
    told = firmness(MW, EXISTING_MW, year)
    assert told["firm_mw"].tolist() == [8, 3, 4]
    assert told["curtailed_h_per_yr"].tolist() == [4380, 8760, 4380]
    energy = [2 / 10, (5 + 2) / 8, 1 / 5]
    assert told["curtailed_mwh_per_mw_yr"].to_numpy() == pytest.approx(4380 * np.array(energy))


def test_what_is_firm_together_stays_within_the_limits(year):
    """West may grow by 6 and Middle by 3, together by 6; West's 2 exist, East has 4."""
    firm_mw = firmness(MW, EXISTING_MW, year)["firm_mw"].to_numpy()
    assert firm_together_mw(firm_mw, EXISTING_MW, year) == pytest.approx(2 + 6 + 4)


def test_a_site_that_lacks_a_hair_is_whole(year):
    told = firmness(np.array([10.0, 8.0, 4.0 + 5e-6]), EXISTING_MW, year)
    assert told["curtailed_h_per_yr"].tolist()[2] == 0
