"""
Cut the starters that `microdc new` copies from `scenarios/` and `data/us`.

`python data/cut_starters.py` writes `microdc/starters/tiny` and `microdc/starters/texas`; a test
fails while they differ from their source.
"""

import shutil
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS, US, STARTERS = ROOT / "scenarios", ROOT / "data" / "us", ROOT / "microdc" / "starters"
STATE = "TX"


def texas_tables() -> dict[str, pd.DataFrame]:
    """Give the rows of `data/us` that the Texas scenario needs: its own, and the areas above."""
    tables = {name: pd.read_parquet(US / f"{name}.parquet") for name in ("substations", "places")}
    texan = {name: table[table["state"] == STATE] for name, table in tables.items()}
    areas = pd.read_parquet(US / "areas.parquet")
    above = areas["id"].isin(texan["substations"]["parent"])
    return {name: t.reset_index(drop=True) for name, t in {**texan, "areas": areas[above]}.items()}


def texts() -> dict[str, str]:
    """Give the text files of every starter by path; tables stand in its `data` folder."""
    tiny = [path for path in sorted((SCENARIOS / "tiny").iterdir()) if path.is_file()]
    found = {f"tiny/{path.name}": path.read_text("utf-8") for path in tiny}
    texas = {f"texas/{p.name}": p.read_text("utf-8") for p in (SCENARIOS / "texas").iterdir()}
    return found | {path: text.replace("../../data/us/", "data/") for path, text in texas.items()}


def main() -> None:
    """Write the starters anew."""
    for name in ("tiny", "texas"):
        shutil.rmtree(STARTERS / name, ignore_errors=True)
    (STARTERS / "tiny").mkdir()
    (STARTERS / "texas" / "data").mkdir(parents=True)
    for path, text in texts().items():
        (STARTERS / path).write_text(text, encoding="utf-8", newline="\n")
    for name, table in texas_tables().items():
        table.to_parquet(STARTERS / "texas" / "data" / f"{name}.parquet", compression="zstd")


if __name__ == "__main__":
    main()
