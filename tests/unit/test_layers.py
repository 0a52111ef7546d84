"""House rules that a machine can watch; the import contracts are in pyproject.toml."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for top in ("microdc", "benchmarks") for path in (ROOT / top).rglob("*.py"))
FOLDERS = sorted({module.parent for module in MODULES})
LOADED = "import json, sys, {}; print(json.dumps(sorted(sys.modules)))"


def loaded_with(module: str) -> set[str]:
    command = [sys.executable, "-c", LOADED.format(module)]
    ended = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    return set(json.loads(ended.stdout))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_verify_loads_nothing_of_the_search():
    search = ("microdc.model", "microdc.oracles", "microdc.solve", "microdc.latency.reach",
              "microdc.assembly", "pyomo", "highspy")  # fmt: skip
    loaded = loaded_with("microdc.placement.verify")
    assert [m for m in loaded if m.startswith(search)] == []


@pytest.mark.parametrize("module", ["microdc.solve.search.loop", "microdc.model.compact"])
def test_mathematics_loads_no_geography(module):
    assert loaded_with(module).isdisjoint({"geopandas", "shapely", "pyogrio", "rich", "typer"})


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_keeps_the_size_budget(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= 300
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    defined = [node for node in ast.walk(ast.parse(text)) if isinstance(node, functions)]
    long = [f.name for f in defined if (f.end_lineno or 0) - f.lineno + 1 > 50]
    assert long == []


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_folder_holds_at_most_eight_modules(folder):
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= 8


def test_nobody_imports_click():
    importing = re.compile(r"^\s*(import|from) click\b", re.MULTILINE)
    assert [name_of(path) for path in MODULES if importing.search(path.read_text("utf-8"))] == []
