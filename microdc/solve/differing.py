"""Fleets that differ from others, and whether there is another one near the best."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import pandas as pd
from scipy.sparse import csr_array, vstack

from microdc.instance import Instance, matrix_of
from microdc.solve.outcome import Ended, Outcome


class Next(StrEnum):
    """What a search for one more fleet has told."""

    FOUND = "found"
    NO_MORE = "no more"  # proven
    NOT_KNOWN = "not known"  # none was found, and it is not proven that there is none


def kind_of(number: int) -> str:
    """Name the limit that keeps a fleet from being that of a number again."""
    return f"as in fleet {number}"


def differing(instance: Instance, fleets: Sequence[pd.Index], least: int) -> Instance:
    """
    Give the instance in which every plan leaves out at least so many sites of each fleet.

    Fleets are ids of sites, numbered from 1; each must have at least `least` of them.
    """
    rows = [instance.sites.index.get_indexer(fleet) for fleet in fleets]
    names = [kind_of(number) for number in range(1, len(fleets) + 1)]
    most = pd.DataFrame({"most": [len(fleet) - least for fleet in fleets]}, index=names)
    counted = matrix_of(rows, len(instance.sites))
    if len(instance.counts):
        most = pd.concat([instance.counts, most])
        counted = csr_array(vstack([instance.counted, counted], format="csr"))
    return replace(instance, counts=most, counted=counted)


def what_next(outcome: Outcome, most_mn_yr: float) -> Next:
    """Say whether a search found a fleet within a cost (millions a year), or that none is."""
    if outcome.ended is Ended.INFEASIBLE or outcome.bound > most_mn_yr:
        return Next.NO_MORE
    if outcome.cost is not None and outcome.cost <= most_mn_yr:
        return Next.FOUND
    return Next.NOT_KNOWN
