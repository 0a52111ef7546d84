"""What there is to measure, by name; nothing here is imported that takes memory or time."""

SAMPLED = {f"headroom-{sites}": sites for sites in (100, 300, 1_000, 10_000)}
"""Samples of the instance `headroom`, by their number of sites."""

SURVIVING = {"texas-n-1": "texas"}
"""Instances of which any one site may be out, and what they are without that."""

INSTANCES = ("texas", "stress-nation", *SAMPLED, "headroom", *SURVIVING)

METHODS = {
    "microdc": "benchmarks.methods.ours:solve",
    "Pyomo appsi_highs": "benchmarks.methods.pyomo_appsi:solve",
    "HiGHS weak": "benchmarks.methods.arrays:weak",
    "HiGHS strong": "benchmarks.methods.arrays:strong",
    "linopy": "benchmarks.methods.linopy_direct:solve",
    "spopt": "benchmarks.methods.spopt_cover:solve",
}
"""Each method's function, as `pkgutil.resolve_name` takes it."""

GAPS = (0.01, 0.005, 0.001, 0.0005, 0.0002)
"""Relative gaps whose first moment is told: 1 to 0.02 %."""


def percent(gap: float) -> str:
    """Give a gap in the words of tables, such as `0.02 %`."""
    return f"{100 * gap:.3g} %"
