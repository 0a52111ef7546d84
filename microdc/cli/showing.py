"""What is printed, and where: answers on standard output, all else on standard error."""

import json
import sys
from typing import Any

import typer
from rich.console import Console

from microdc.report.words import plain

WIDTH = 100
"""Columns where nobody says how wide the output is, as in a pipe."""


def tell(*shown: Any) -> None:
    """Print an answer: sentences, and what Rich can show."""
    console = console_of(stderr=False)
    for renderable in shown:
        if isinstance(renderable, str):
            console.print(plain(renderable), soft_wrap=True)
        else:
            console.print(renderable)


def tell_json(fields: dict[str, Any]) -> None:
    """Print an answer as one object."""
    typer.echo(json.dumps(fields, ensure_ascii=False, allow_nan=False))


def console_of(*, stderr: bool) -> Console:
    """Give what writes to a stream, as wide as the terminal or as a page."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDTH
    return Console(stderr=stderr, width=width, markup=False, highlight=False, emoji=False)
