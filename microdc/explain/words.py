"""Lists of names in a sentence."""

from collections.abc import Iterable

_NAMED = 5


def listed(names: Iterable[object], most: int = _NAMED) -> str:
    """List a few names and count the rest."""
    known = [str(name) for name in names]
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more
