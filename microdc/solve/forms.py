"""Programs made of others: with rows or columns left out, rows added, integrality dropped."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from microdc.instance import Floats, Ints
from microdc.model.build import StandardForm
from microdc.oracles.base import Cut


def relaxed(form: StandardForm) -> StandardForm:
    """Drop integrality."""
    return replace(form, integer=np.zeros_like(form.integer))


def of_rows(form: StandardForm, rows: Ints) -> StandardForm:
    """Give a form with some of its rows alone."""
    return replace(
        form,
        rows=csr_array(form.rows[rows]),
        row_lower=form.row_lower[rows],
        row_upper=form.row_upper[rows],
        rule=(),
    )


def of_columns(form: StandardForm, columns: Ints) -> StandardForm:
    """Give a form with some of its columns alone."""
    return replace(
        form,
        cost=form.cost[columns],
        rows=csr_array(form.rows[:, columns]),
        lower=form.lower[columns],
        upper=form.upper[columns],
        integer=form.integer[columns],
    )


def with_rows(form: StandardForm, rows: csr_array, lower: Floats) -> StandardForm:
    """Append rows `rows @ v >= lower`."""
    return replace(
        form,
        rows=csr_array(vstack([form.rows, rows])),
        row_lower=np.concatenate([form.row_lower, lower]),
        row_upper=np.concatenate([form.row_upper, np.full(len(lower), np.inf)]),
    )


def rows_of_cuts(
    cuts: list[Cut], sites: int, width: int, columns_of_power: Callable[[Ints], Ints]
) -> tuple[csr_array, Floats]:
    """
    Write cuts as rows over columns z, x, v and more, and what each needs at least (MW IT).

    `columns_of_power` gives the columns of places in `Sizes.power_mw`.
    """
    shape = (len(cuts), width)
    if not cuts:
        return csr_array(shape), np.empty(0)
    column = [
        np.concatenate([cut.sites, columns_of_power(cut.power), 2 * sites + cut.points])
        for cut in cuts
    ]
    value = [np.concatenate([cut.per_site, cut.per_mw, cut.share]) for cut in cuts]
    start = np.concatenate([[0], np.cumsum([len(c) for c in column])])
    rows = csr_array((np.concatenate(value), np.concatenate(column), start), shape=shape)
    rows.sum_duplicates()  # a site in several hours
    rows.eliminate_zeros()
    return rows, np.array([cut.need_mw_it for cut in cuts])
