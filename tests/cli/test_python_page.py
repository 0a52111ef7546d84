"""The page on Python runs: its blocks one after the other, where scenarios/tiny is."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_the_blocks_of_the_page_run_in_order(copy_of, capsys):
    copy_of("tiny").rename("scenarios-tiny")
    Path("scenarios").mkdir()
    Path("scenarios-tiny").rename("scenarios/tiny")
    blocks = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    told = capsys.readouterr().out
    assert "28.40 M USD a year" in told
    assert "Dune needs" in told
    assert names["per_site"].to_dict() == {"west": 12.0, "east": 4.0}
