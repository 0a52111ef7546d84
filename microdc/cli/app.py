"""The commands together, and the one place that catches our errors."""

import errno
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from microdc import __version__
from microdc.cli.explaining import explain
from microdc.cli.inputs import check, new, schema, sweep
from microdc.cli.planning import plan
from microdc.cli.plans import compare, export, report, verify
from microdc.cli.showing import console_of, tell_json
from microdc.cli.studies import batch, frontier
from microdc.errors import (
    BrokenPromiseError,
    InfeasibleError,
    InputError,
    MicrodcError,
    NoPlanError,
    UsageError,
)
from microdc.report.words import plain

STATUS = {
    UsageError: "usage",
    InputError: "bad input",
    InfeasibleError: "infeasible",
    NoPlanError: "no plan in time",
    BrokenPromiseError: "broken promise",
}

OF_THE_DISK = frozenset(
    {
        *(errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST),
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENAMETOOLONG),
    }
)
"""What an operating system says where a file cannot be written: no bug of ours."""

app = typer.Typer(
    help="Plan fleets of micro data centers at substations with stranded capacity.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
COMMANDS = (
    *(plan, batch, frontier, check, explain, verify),
    *(report, compare, export, sweep, new, schema),
)
for command in COMMANDS:
    app.command()(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; our errors become a message and an exit code, anything else is our bug."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal may lack the letters of a name
    as_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    try:
        app(args=arguments, prog_name="microdc")
    except MicrodcError as error:
        _tell(error, as_json=as_json)
        sys.exit(error.exit_code)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in OF_THE_DISK:
            where = f"{error.filename}: " if error.filename else ""
            _tell(UsageError(f"{where}{error.strerror}"), as_json=as_json)
            sys.exit(UsageError.exit_code)
        traceback.print_exc()
        if as_json:
            tell_json({"status": "bug", "message": repr(error), "faults": []})
        sys.stderr.write(f"This is a bug in microdc {__version__}, not in your input.\n")
        sys.exit(MicrodcError.exit_code)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"microdc {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Print the version."),
    ] = False,
) -> None:
    """Plan fleets of micro data centers at substations with stranded capacity."""


def _tell(error: MicrodcError, *, as_json: bool) -> None:
    """Show what went wrong: as an object where one was asked for, as a message in any case."""
    if as_json:
        faults = [str(fault) for fault in getattr(error, "faults", ())]
        status = STATUS.get(type(error), "error")
        fields: dict[str, object] = {"status": status, "message": error.message, "faults": faults}
        if isinstance(error, BrokenPromiseError):
            fields["broken"] = list(error.broken)
        tell_json(fields)
    console = console_of(stderr=True)
    console.print(plain(f"error: {error.message}"), soft_wrap=True)
    if error.hint:
        console.print(plain(f"hint: {error.hint}"), soft_wrap=True)
