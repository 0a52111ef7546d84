from pathlib import Path

from microdc.batch.result import Result, Status
from microdc.batch.summary.page.charts import cost_chart
from microdc.batch.summary.told import Told


def planned(value: object) -> Told:
    figures = {"cost": 2.0, "bound": 1.0}
    result = Result(name=repr(value), file=Path("a"), status=Status.PLANNED, figures=figures)
    return Told(result=result, varied={"services.near.split": value})


def test_values_that_compare_as_equal_have_a_place_each():
    svg = cost_chart([planned(True), planned(1), planned("true")], "services.near.split", "M USD")
    assert svg.count("<circle") == 3
