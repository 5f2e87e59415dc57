from __future__ import annotations

from threading import get_ident

import polars as pl
import pytest

from modelling.errors import TableSchemaError
from modelling.features.polars_pool import FEW, among_few


def test_work_for_few_clients_is_done_in_the_pool_and_once() -> None:
    done: list[int] = []

    among_few(FEW, lambda: done.append(get_ident()))

    assert len(done) == 1
    assert done != [get_ident()]


def test_work_for_many_clients_is_done_where_it_is_asked_for() -> None:
    assert among_few(FEW + 1, get_ident) == get_ident()


def test_it_gives_what_the_work_gives_though_that_uses_the_pool_itself() -> None:
    rows = pl.DataFrame({"a": [1, 2]})

    sums = among_few(1, lambda: among_few(1, lambda: rows.select(pl.col("a").sum(), b=pl.col("a") + 1)))

    assert sums.rows() == [(3, 2), (3, 3)]


@pytest.mark.parametrize("error", [TableSchemaError("Table 'bureau' lacks columns."), KeyError("no_such_feature")])
def test_what_the_work_raises_comes_as_it_was_raised(error: Exception) -> None:
    def work() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        among_few(1, work)

    assert caught.value is error
