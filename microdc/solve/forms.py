"""Programs made of others: with rows or columns left out, rows added, integrality dropped."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from microdc.instance import Floats, Ints
from microdc.model.build import StandardForm


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
