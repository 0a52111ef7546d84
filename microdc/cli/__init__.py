"""
The command line: parse, call, show.

Only this package prints, and only `main` catches our errors. Whatever is heavy is imported inside a
command, so that `microdc --help` answers at once. Typer carries its own Click: never import click.
"""

from microdc.cli.app import app, main
from microdc.cli.options import Format, Starter

__all__ = ["Format", "Starter", "app", "main"]
