"""A variant of a scenario written as a file that states only the difference, or a copy of one."""

import math
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from microdc.errors import UsageError
from microdc.scenario.grammar import Scenario
from microdc.scenario.reading.layers import Stated, moved
from microdc.scenario.reading.load import checked, parse_scenario
from microdc.yaml12 import meaning

ANY = "any"
LINE_LETTERS = 96


def write_variant(
    scenario: Scenario,
    changes: Mapping[str, Any],
    path: Path,
    *,
    name: str,
    because: str = "",
    force: bool = False,
) -> Scenario:
    """
    Write changes to a scenario as a file that extends it, and give what the file says.

    `because` becomes its comment. Raises InputError if the changes make no sound scenario, and
    UsageError if the file exists (unless `force`), or does not stand in the folder of the scenario
    or one above it.
    """
    wanted = scenario.varied(changes, name=name)
    if path.exists() and not force:
        raise UsageError(f"{path} exists already", hint="choose another name, or add --force")
    folder = path.absolute().parent
    if not scenario.path.is_relative_to(folder):
        hint = f"write it to {scenario.folder}"
        raise UsageError(f"a variant in {folder} cannot extend {scenario.path}", hint=hint)
    base = scenario.path.relative_to(folder).as_posix()
    own = {"schema": scenario.schema_, "name": name, "extends": base, **changes}
    return _write(own, wanted, path, because)


def write_copy(scenario: Scenario, path: Path, inner: Path, *, because: str = "") -> Scenario:
    """
    Write a scenario to another folder as one file, its bases merged in, and give what it says.

    `inner` is the way from there to the scenario's folder, through which its paths are led;
    `because` becomes the file's comment.
    """
    read: Stated = scenario._reading.stated
    own = {key: value for key, value in moved(read.value, inner).items() if key != "extends"}
    wanted = checked(Stated(own, read.spots, read.files, read.hashes), path)
    return _write(own, wanted, path, because)


def _write(own: Mapping[str, Any], wanted: Scenario, path: Path, because: str) -> Scenario:
    """Write what a scenario file says, with a comment, once it reads back as wanted."""
    remark = textwrap.wrap(" ".join(because.split()), LINE_LETTERS)
    text = "".join(f"# {line}\n" for line in remark) + _written(own)
    content = text.encode()
    written = parse_scenario(content, path)
    _expect_same(written, wanted)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return written


def _expect_same(written: Scenario, wanted: Scenario) -> None:
    if any(value != getattr(wanted, key) for key, value in written if key != "extends"):
        raise ValueError("the scenario was changed in memory: its file does not say what it is")


def _written(document: Mapping[str, Any]) -> str:
    text: str = yaml.dump(
        document,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=LINE_LETTERS,
    )
    return text


class _Dumper(yaml.SafeDumper):
    """Writes what the core rules of YAML 1.2 read back, whatever PyYAML's own rules say."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        return ANY if kind is yaml.ScalarNode else super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]

    def text(self, value: str) -> yaml.Node:
        read_as_text = isinstance(meaning(value), str)
        return self.represent_scalar(ANY, value, style=None if read_as_text else "'")

    def number(self, value: float) -> yaml.Node:
        return self.represent_scalar(ANY, getattr(value, "written", None) or _digits(value))

    def plain(self, value: Any) -> yaml.Node:
        return self.represent_scalar(ANY, "null" if value is None else str(value).lower())


def _digits(value: float) -> str:
    whole = math.isfinite(value) and value == int(value) and abs(value) < 1e15
    return str(int(value)) if whole else repr(float(value))


_Dumper.add_representer(str, _Dumper.text)
_Dumper.add_multi_representer(str, _Dumper.text)
_Dumper.add_multi_representer(int, _Dumper.number)
_Dumper.add_representer(int, _Dumper.number)
_Dumper.add_representer(float, _Dumper.number)
_Dumper.add_multi_representer(float, _Dumper.number)
_Dumper.add_representer(bool, _Dumper.plain)
_Dumper.add_representer(type(None), _Dumper.plain)
_Dumper.add_representer(tuple, yaml.SafeDumper.represent_list)
