"""Keys of the grammar whose feature is not there yet: refused by name, never ignored."""

from collections.abc import Callable
from typing import Any

from microdc.yaml12 import Finding, Keys

Unused = Callable[[Any], bool]

SAYS = "is not supported yet"


def _whole(value: Any) -> bool:
    return value is None or value is True


TOP: dict[str, tuple[Unused, str]] = {}
OF_A_SERVICE: dict[str, tuple[Unused, str]] = {
    "split": (_whole, "true"),
}


def take_later_keys(document: dict[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Split a scenario into what is there today and the keys that ask for a later feature."""
    today, found = _split(document, TOP, ())
    services = document.get("services")
    if isinstance(services, dict):
        today["services"] = dict(services)
        for name, service in services.items():
            if isinstance(service, dict):
                today["services"][name], more = _split(service, OF_A_SERVICE, ("services", name))
                found += more
    return today, found


def _split(
    section: dict[str, Any], later: dict[str, tuple[Unused, str]], way: Keys
) -> tuple[dict[str, Any], list[Finding]]:
    today = {key: value for key, value in section.items() if key not in later}
    found = [
        Finding((*way, key), SAYS, allowed=later[key][1])
        for key, value in section.items()
        if key in later and not later[key][0](value)
    ]
    return today, found
