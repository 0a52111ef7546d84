"""Tables of hours, written day by day, beside four rows of a power tree."""

import pandas as pd
import pytest

# An area of two substations, west and east, in group n; far stands alone, in group m
SUBSTATIONS = """id,lat,lon,headroom_mw,parent,candidate,group,peak_mw,rating_mva
area,51,-1,15,,no,n,,
west,51,-1.1,10,area,yes,n,20,40
east,51,-0.9,12,area,yes,n,30,
far,51,-0.8,8,,yes,m,,
"""


@pytest.fixture
def day():
    """Write a day of a profile: 24 rows of one value, or of as many values as hours."""

    def rows(states, value, date="2026-01-01", weight_h=365.0, **whose):
        time = [f"{date}T{hour:02}:00Z" for hour in range(24)]
        return pd.DataFrame({"time": time, **whose, states: value, "weight_h": weight_h})

    return rows


@pytest.fixture
def written(tmp_path):
    """Write tables of hours as `profiles.csv`; give what a scenario says of them and its tables."""

    def keys(*tables, **hours):
        text = tables[0] if isinstance(tables[0], str) else pd.concat(tables).to_csv(index=False)
        (tmp_path / "profiles.csv").write_text(text)
        return {"substations": SUBSTATIONS, "hours": {"profiles": "profiles.csv", **hours}}

    return keys


@pytest.fixture
def hours_of(written, region_of):
    """Read the hours of such tables."""
    return lambda *tables, **hours: region_of(**written(*tables, **hours)).hours


@pytest.fixture
def wrong(written, faults_of):
    """Give the faults of such tables, each in a line."""
    return lambda *tables, **keys: [str(fault) for fault in faults_of(**written(*tables), **keys)]


@pytest.fixture
def year():
    """Write a whole year of one value for everyone named, each hour standing for itself."""

    def rows(states, value, first="2026-01-01", hours=8760, **whose):
        time = pd.date_range(first, periods=hours, freq="h").strftime("%Y-%m-%dT%H:%MZ")
        return pd.DataFrame({"time": time, **whose, states: value})

    return rows
