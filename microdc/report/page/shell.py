"""The dress of every page: style, scripts and data in one file, and a ban on all requests."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from typing import Any

ASSETS = files("microdc.report.page") / "assets"
LEAFLET = files("xstatic.pkg.leaflet") / "data"
TILES = "https://tile.openstreetmap.org"
"""Who is asked for pictures of streets, where the reader switches them on; nobody else ever is."""

SCRIPTS = (
    *("base.js", "map.js", "areas.js", "card.js", "tables.js", "sliders.js"),
    *("stages.js", "main.js"),
)
"""What shows a plan, or the plan of each stage of a programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    What a page holds.

    `body` is HTML; `data` is what its `scripts` (names of those in `assets`) read; `style` is laid
    over the dress; `maps` says whether the scripts draw maps.
    """

    title: str
    body: str
    data: dict[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    style: str = ""
    maps: bool = False


def page(what: Page) -> str:
    """Give a page of HTML that works from a disk, with no network."""
    style = asset("page.css") + what.style
    blocks = {"data": what.data}
    scripts = [_function(what.scripts)] if what.scripts else []
    if what.maps:
        style = _text_of(LEAFLET / "leaflet.css") + style
        blocks["outlines"] = json.loads(asset("outlines.json"))
        scripts = [_text_of(LEAFLET / "leaflet.js"), *scripts]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts, what.maps)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(what.title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            what.body,
            *(f'<script type="application/json" id="{k}">{json_in_html(v)}</script>'
              for k, v in blocks.items()),
            *(f"<script>{script}</script>" for script in scripts),
            "</body>",
            "</html>",
            "",
        ]
    )  # fmt: skip


def json_in_html(value: Any) -> str:
    """Give JSON that cannot end the element it stands in, whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def asset(name: str) -> str:
    """Give the text of one of the page's own files."""
    return _text_of(ASSETS / name)


def _text_of(file: Any) -> str:
    return str(file.read_text(encoding="utf-8"))


def _function(names: tuple[str, ...]) -> str:
    """Join scripts into one that leaves nothing behind in the page."""
    body = "\n".join(_text_of(ASSETS / "scripts" / name) for name in names)
    return f'(() => {{\n"use strict";\n{body}}})();'


def _policy(scripts: list[str], maps: bool) -> str:
    """Let the browser itself refuse every request and every script but these."""
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts) or "'none'"
    images = f"data: {TILES}" if maps else "data:"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src {images}; "
        "base-uri 'none'; form-action 'none'"
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
