"""No count under eleven can be worked out from what is published."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.suppression import SMALLEST_SHOWN, TOTAL, Cell, published

ROWS, COLUMNS = ("1", "2", "3"), ("a", "b", "c")
COUNTS = st.one_of(st.integers(0, 3), st.integers(9, 13), st.integers(11, 60))


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[Cell, int], tuple[str, ...], tuple[str, ...]]:
    """A table of at most six counts."""
    rows, columns = draw(st.sampled_from([(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 2)]))
    cells = product(ROWS[:rows], COLUMNS[:columns])
    return {cell: draw(COUNTS) for cell in cells}, ROWS[:rows], COLUMNS[:columns]


def totals(counts: dict[Cell, int]) -> dict[Cell, int]:
    """The table with its totals, added up in the plainest way."""
    whole = dict(counts)
    for (row, column), count in counts.items():
        for total in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            whole[total] = whole.get(total, 0) + count
    return whole


@settings(max_examples=60, deadline=None)
@given(tables())
def test_every_hidden_count_could_be_another(table: tuple[dict[Cell, int], tuple[str, ...], tuple[str, ...]]) -> None:
    """Whoever reads the table tries every other table that would be published with the same numbers shown."""
    counts, rows, columns = table
    told = published(counts, rows, columns).cells
    hidden = [cell for cell in counts if told[cell] is None]

    possible: dict[Cell, set[int]] = {cell: set() for cell in told}
    for changes in product((-1, 0, 1), repeat=len(hidden)):
        other = counts | {cell: counts[cell] + change for cell, change in zip(hidden, changes, strict=True)}
        whole = totals(other)
        if min(other.values()) >= 0 and all(shown in {None, whole[cell]} for cell, shown in told.items()):
            for cell, count in whole.items():
                possible[cell].add(count)

    assert [cell for cell, shown in told.items() if shown is None and len(possible[cell]) < 2] == []


@given(tables())
def test_what_is_shown_is_true_and_never_small(table: tuple[dict[Cell, int], tuple[str, ...], tuple[str, ...]]) -> None:
    """Hidden or right, nothing between."""
    counts, rows, columns = table

    told = published(counts, rows, columns).cells

    whole = totals(counts)
    assert all(shown is None or (shown == whole[cell] and shown >= SMALLEST_SHOWN) for cell, shown in told.items())


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ((20, 30, 40, 50), set()),
        ((3, 30, 40, 50), {("1", "a"), ("1", "b"), ("2", "a"), ("2", "b")}),
        ((0, 0, 0, 0), set(product(("1", "2", TOTAL), ("a", "b", TOTAL)))),
    ],
    ids=["nothing small", "one small count hides a square", "nothing at all"],
)
def test_as_little_is_hidden_as_is_needed(counts: tuple[int, ...], hidden: set[Cell]) -> None:
    """Examples that a reader can check."""
    cells = dict(zip(product(("1", "2"), ("a", "b")), counts, strict=True))

    told = published(cells, ("1", "2"), ("a", "b")).cells

    assert {cell for cell, shown in told.items() if shown is None} == hidden
