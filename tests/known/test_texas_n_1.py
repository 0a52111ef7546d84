"""What scenarios/texas-n-1/README.md says of its outages."""

from pathlib import Path

from microdc.checking import check_scenario

SCENARIO = Path(__file__).parents[2] / "scenarios" / "texas-n-1"


def test_check_counts_the_outages_and_finds_nobody_who_cannot_be_kept():
    told = check_scenario(SCENARIO)
    summary = dict(told.summary)
    counts = [summary[f"outages to survive: {kind}"] for kind in ("site", "node")]
    assert [*counts, summary["of them within no other, and so in force"]] == [416, 597, 181]
    assert summary["kept of rtt-2ms in every outage"] == "100 % within 2 ms"
    assert told.exposed == []
