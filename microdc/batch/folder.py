"""Which scenario files a folder holds, and what each is called in a batch."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from microdc.errors import UsageError

ENDINGS = (".yaml", ".yml")
USUAL_GLOBS = tuple(f"**/*{ending}" for ending in ENDINGS)
ALONE = "scenario"
"""A file of this name is called by its folder, where it is the only scenario in and below that."""
NO_SCENARIOS = ("_", ".")
"""How the names of files and folders begin that hold no scenario of their own, such as bases."""


def scenario_files(
    folder: Path, globs: Sequence[str], out: Path, taken: Sequence[str] = ()
) -> dict[str, Path]:
    """
    Find the scenarios in a folder and below it: their files by name, in the order of their names.

    A name is the path below the folder without the ending. Files that begin with `_` or `.`, or lie
    in a folder that does, are there for others to extend; nothing in `out` is a scenario, and no
    name begins with one of `taken`. Raises UsageError if there are none.
    """
    if not folder.is_dir():
        says = "is a file" if folder.exists() else "is not there"
        raise UsageError(f"{folder} {says}", hint="name a folder of scenario files")
    within = [path.relative_to(folder) for path in _found(folder, globs, out)]
    files = sorted({PurePosixPath(path.as_posix()) for path in within if _is_scenario(path)})
    if not files:
        msg = f"{folder} holds no scenario files that match {' or '.join(globs)}"
        hint = "files and folders that begin with _ or . are left out, as bases of others"
        raise UsageError(msg, hint=hint)
    names = _names(files, folder.resolve().name, taken)
    return {name: folder / file for name, file in sorted(zip(names, files, strict=True))}


def _found(folder: Path, globs: Sequence[str], out: Path) -> Iterator[Path]:
    results = out.resolve()
    inside = not folder.resolve().is_relative_to(results)
    try:
        for glob in globs:
            for path in folder.glob(glob):
                written = inside and path.resolve().is_relative_to(results)
                if path.is_file() and not written:
                    yield path
    except (ValueError, NotImplementedError, IndexError) as error:
        msg = f"--glob {glob!r} is no pattern of files below a folder: {error}"
        raise UsageError(msg, hint="such as --glob 'sweep/*.yaml'") from None


def _is_scenario(file: Path) -> bool:
    of_another = any(part.startswith(NO_SCENARIOS) for part in file.parts)
    return not of_another and file.suffix.casefold() in ENDINGS


def _names(files: Sequence[PurePosixPath], folder: str, taken: Sequence[str]) -> list[str]:
    """
    Name each file so that every name can be a folder beside, not inside, those of the others.

    A file keeps its ending where its name would be taken, another's too, or the folder of another.
    """
    names = [_name(file, files, folder) for file in files]
    count = Counter(name.casefold() for name in names)
    folders = {str(p).casefold() for name in names for p in PurePosixPath(name).parents}
    folders.update(name.casefold() for name in taken)
    return [
        str(file) if count[name.casefold()] > 1 or name.casefold() in folders else name
        for name, file in zip(names, files, strict=True)
    ]


def _name(file: PurePosixPath, files: Sequence[PurePosixPath], folder: str) -> str:
    if file.stem != ALONE or sum(other.is_relative_to(file.parent) for other in files) > 1:
        return str(file.with_suffix(""))
    return str(file.parent) if file.parent.name else folder
