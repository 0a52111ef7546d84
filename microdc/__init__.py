"""
Plan fleets of micro data centers at substations with stranded capacity.

    import microdc

    plan = microdc.plan("scenarios/tiny")

What `__all__` names is loaded when it is first asked for, so that `import microdc` costs nothing;
its types stand in `__init__.pyi`.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

__all__ = ["CheckResult", "Planned", "__version__", "check", "plan", "read_plan", "verify"]


def __getattr__(name: str) -> Any:
    """Load what `microdc.api` offers when it is asked for."""
    if name in __all__:
        return getattr(import_module("microdc.api"), name)
    msg = f"module 'microdc' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return __all__
