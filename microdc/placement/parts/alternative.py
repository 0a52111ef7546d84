"""From which fleets an alternative differs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """
    What an alternative leaves out: the certificate's bound holds of all fleets that do the same.

    Of each of the `fleets` (ids of sites that a plan before this one chose) at least `leaves_out`.
    In what objectives before cost come to, it is worse than the first by no more than the share
    `within`.
    """

    leaves_out: int
    fleets: list[list[str]]
    within: float = 0.0
