"""The optimisation model: sites, sizes and unserved demand; no flows."""

import sys
from types import ModuleType

import scipy  # noqa: F401  # Pyomo looks for it

_UNUSED = ("scipy.stats", "scipy.integrate")


def _import_pyomo() -> None:
    """
    Import Pyomo without what it imports of SciPy for features that nothing here uses.

    They are a tenth of the start of every command. Empty modules stand in while Pyomo looks; who
    imports them afterwards gets the real ones.
    """
    absent = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update({name: ModuleType(name) for name in absent})
    try:
        import pyomo.environ  # noqa: F401, PLC0415
    finally:
        for name in absent:
            del sys.modules[name]


_import_pyomo()
