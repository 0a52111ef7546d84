"""Scenario files and tables changed at random, and what may not come of it."""

import contextlib
import io
import random
import re
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from microdc.cli import main

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
SEEDS = (
    *(ROOT / "scenarios" / name for name in ("tiny", "parcels", "tiny-n-1", "tiny-flexible")),
    ROOT / "scenarios" / "tiny-stages",
    *(HERE / name for name in ("feeders", "standing")),
)
"""Scenarios to start from, each a folder."""

ENDINGS = {0, 2, 3, 4, 5, 6}
"""Exit codes that are an answer; 1 would be our bug, 7 a plan that lies."""

SECONDS = 30
"""A run that computes for longer hangs: the search itself is given one second."""

WAITED = 10
"""A run that takes so many times as long hangs even if it computes nothing."""

WORDS = [
    b"", b"0", b"-1", b"1e308", b"-1e-308", b"1e9", b"nan", b".inf", b"null", b"~", b"true", b"NO",
    b"1.234,5", b"1,234", b"12'000", b"0x10", b"007", b"2026-03-01", b"31/12/2026", b"46082",
    b"[]", b"{}", b"[1, a]", b"{a: b}", b"*a", b"&a", b"!!python/none", b"|", b">", b"---", b"'",
    b'"', b"\t", b"\xff\xfe", b"\x00", b"\xe9", "é√\u202e".encode(), b"\x85", b"\r", b"=1+1",
    b"west", b"harbour", b"UW-1", b"lat", b"headroom_mw", b"20;20", b"2 x 15/30", b"../x",
    b"/", b".", b"a" * 300,
]  # fmt: skip

LINES = [
    "  crs: EPSG:27700", "  crs: EPSG:4326", "  crs: EPSG:4978", "  dialect: {decimal: ','}",
    "  dialect: {separator: ';', header_row: 2}", "  dialect: {header_row: 99, encoding: utf-16}",
    "  dialect: {footer_rows: 9, thousands: none}", "  dialect: {dates: month-first}",
    "  units: {headroom_mw: kVA}", "  units: {feeder_rating_a: kA}", "  reserve_share: 0.999",
    "  power_factor: 1e-300", "  where: \"name != ''\"", "  where: \"headroom_mw > 1e400\"",
    "  columns: {parent: id}", "  columns: {id: name}", "  columns: {headroom_mw: lat}",
    "  columns: {feeder_rating_a: lat, feeder_peak_a: lon, voltage_kv: headroom_mw}",
    "  columns: {existing_mw: headroom_mw}", "  columns: {existing_mw: headroom_mw, min_mw: lat}",
    "  columns: {existing_mw: lat, max_mw: headroom_mw}", "  units: {existing_mw: kW}",
    "hubs: {path: places.csv, columns: {mw_it: population, mn_per_mw_it_yr: lat}}",
    "hubs: {path: substations.csv, columns: {mw_it: headroom_mw, mn_per_mw_it_yr: headroom_mw}}",
    "hubs: off", "limits: {max_sites: 0}", "limits: {budget_mn: 0}",
    "limits: {force: [west, east]}",
    "limits: {max_sites_by: {state: 1}}", "objective: most-served", "currency: EUR",
    "solve: {gap: 0, formulation: compact}", "  max_feeder_km: 0.5", "  fibre_km: 1e9",
    "parcels: off", "limits: {force: [hill, quarry]}",
    "connection: {type: flexible, max_mwh_per_mw_yr: 40, max_run_h: 2}", "connection: firm",
    "hours: {profiles: [services-by-hour.csv, substations-by-hour.csv], use: 2 days}",
    "hours: {profiles: substations-by-hour.csv, use: peak}", "hours: off",
    "resilience: {survive: [site, node]}", "resilience: {survive: zone, at_once: 2}",
    "resilience: off", "zones: off", "zones: {path: places.csv}", "zones: {path: storms.geojson}",
    "extends: scenario.yaml", "extends: ../x", "reinforce: {west: 5}", "reinforce: {harbour: 1e9}",
    "reinforce: {dune: -1}",
    "  columns: {existing_mw: site_mn}", "  columns: {min_mw: site_mn, substation: name}",
]  # fmt: skip

Mutation = Callable[[bytes, random.Random], bytes]


def _spots(content: bytes) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(rb"[^\s,;:{}\[\]]+", content)]


def _word(content: bytes, rng: random.Random) -> bytes:
    start, end = rng.choice(_spots(content) or [(0, 0)])
    return content[:start] + rng.choice(WORDS) + content[end:]


def _other_word(content: bytes, rng: random.Random) -> bytes:
    spots = _spots(content) or [(0, 0)]
    (start, end), (a, b) = rng.choice(spots), rng.choice(spots)
    return content[:start] + content[a:b] + content[end:]


def _number(content: bytes, rng: random.Random) -> bytes:
    numbers = list(re.finditer(rb"(?<![\w.])-?\d+(?:\.\d+)?", content))
    if not numbers:
        return content
    at = rng.choice(numbers)
    factor = rng.choice([-1.0, 0.0, 1e-9, 0.1, 10.0, 1e3, 1e9])
    return content[: at.start()] + f"{float(at[0]) * factor:g}".encode() + content[at.end() :]


def _byte(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + bytes([rng.randrange(256)]) + content[at + rng.randrange(2) :]


def _line(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    change = rng.choice(["drop", "twice", "swap", "join"])
    if change == "drop":
        del lines[at]
    elif change == "twice":
        lines.insert(other, lines[at])
    elif change == "swap":
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines[at : at + 2] = [b"".join(lines[at : at + 2])]
    return b"\n".join(lines)


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _separator(content: bytes, rng: random.Random) -> bytes:
    marks = [b",", b";", b"\t", b"|", b".", b"\n", b"\r\n", b" "]
    return content.replace(rng.choice(marks), rng.choice(marks), rng.choice([1, -1]))


def _encoding(content: bytes, rng: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(rng.choice(["utf-16", "utf-16-le", "cp1252", "utf-8-sig"]), "replace")


def _stated(content: bytes, rng: random.Random) -> bytes:
    """Put a key of the grammar behind a line, or a title above a table."""
    lines = content.split(b"\n")
    places = [at for at, line in enumerate(lines) if line.lstrip().startswith(b"path:")]
    lines.insert(rng.choice(places or [0]) + 1, rng.choice(LINES).encode())
    return b"\n".join(lines)


MUTATIONS: list[Mutation] = [
    _word, _word, _word, _other_word, _number, _number, _byte, _line, _line, _cut, _separator,
    _encoding, _stated, _stated,
]  # fmt: skip


class Hang(BaseException):
    """A run took too long; no handler of exceptions may swallow it."""


@dataclass(frozen=True)
class Ended:
    """How a run on changed input ended."""

    code: int | None
    """Exit code; None if it did not end by one."""
    wrong: str
    """What may not be: a traceback, a hang, something left over. Empty if all is well."""


def run_on(number: int) -> Ended:
    """Change a scenario as a number says, run a command on it and judge how it ended."""
    rng = random.Random(number)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "given"
        shutil.copytree(rng.choice(SEEDS), folder)
        files = sorted(
            path for path in folder.iterdir() if path.suffix in {".csv", ".geojson", ".yaml"}
        )
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            path = rng.choice(files)
            path.write_bytes(rng.choice(MUTATIONS)(path.read_bytes(), rng))
        out = Path(place) / "out"
        out.mkdir()
        more = ["--out", str(out / "plan"), "--quiet", "--time-limit", "1", "--threads", "1"]
        command = ["plan", str(folder), *more] if rng.random() < 0.4 else ["check", str(folder)]
        before = sorted(folder.rglob("*"))
        code, wrong = _ended(command)
        left = sorted(path.name for path in out.iterdir())
        planned = ["plan"] if command[0] == "plan" and code in {0, 6} else []
        if not wrong and (left != planned or sorted(folder.rglob("*")) != before):
            wrong = f"left over: {left}"
        return Ended(code, wrong)


def _ended(command: list[str]) -> tuple[int | None, str]:
    code: int | None = None
    told = io.StringIO()
    try:
        with (
            _no_longer_than(SECONDS),
            contextlib.redirect_stdout(told),
            contextlib.redirect_stderr(told),
        ):
            main(command)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        return None, traceback.format_exc()
    if code not in ENDINGS or "Traceback" in told.getvalue():
        return code, f"exit code {code}: {told.getvalue()}"
    return code, ""


@contextlib.contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    """End what computes for too long, or waits: a busy machine is no hang."""

    def over(*_: object) -> None:
        msg = f"no answer after {seconds} s"
        raise Hang(msg)

    before = {number: signal.signal(number, over) for number in (signal.SIGPROF, signal.SIGALRM)}
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(WAITED * seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)
