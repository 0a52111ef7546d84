"""How often a property is tried: on a few random instances usually, on many where asked for."""

import os

MANY = os.environ.get("MICRODC_TRIES") == "many"


def often(few: int, *, many: int) -> int:
    """Give how many instances to try."""
    return many if MANY else few
