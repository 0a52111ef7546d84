"""Rows of ones over sites or points, as sparse matrices."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from microdc.instance.reach import Ints


def columns_of(matrix: csr_array, columns: Ints) -> csr_array:
    """Give some of the columns of a matrix alone."""
    return csr_array(matrix[:, columns]) if matrix.shape[0] else csr_array((0, len(columns)))


def matrix_of(rows: Iterable[Iterable[int]], columns: int) -> csr_array:
    """Give a matrix of ones with the listed columns in each row."""
    lists = [list(row) for row in rows]
    start = np.concatenate([[0], np.cumsum([len(row) for row in lists], dtype=int)]).astype(int)
    column = np.array([c for row in lists for c in row], dtype=int)
    return csr_array((np.ones(len(column)), column, start), shape=(len(lists), columns))


def rows_of(matrix: csr_array) -> list[Ints]:
    """List the columns of each row of a sparse matrix."""
    return [matrix.indices[a:b].astype(np.int64) for a, b in pairwise(matrix.indptr)]
