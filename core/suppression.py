"""Which cells of a table of counts can be published, so that no small count can be worked out.

A count under 11 may point at somebody, so it is not shown. Totals are: so what is hidden alone in its row or column can
be worked out by taking the rest from the total. More cells are therefore hidden, until each hidden one could be another
number without changing anything that is shown (*complementary suppression*).

The table is seen with its totals: of each row, of each column, of all. A hidden count can be one more, or one less,
where a closed round of hidden cells can take turns in giving and taking one, none of them becoming less than nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

SMALLEST_SHOWN = 11
TOTAL = ""  # the row of the totals of columns, and the column of the totals of rows

Cell: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A table as it can be published, its totals in the row and the column ``TOTAL``; None: not shown."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[Cell, int | None]


def published(counts: Mapping[Cell, int], rows: Sequence[str], columns: Sequence[str]) -> Published:
    """The table of these counts (0 where there is none) with its totals, safe to show."""
    whole = _with_totals(counts, rows, columns)
    hidden = {cell for cell, count in whole.items() if count < SMALLEST_SHOWN}
    while (left := whole.keys() - hidden) and any(_is_known(whole, hidden, cell) for cell in hidden):
        hidden.add(min(left, key=lambda cell: _price(whole, hidden, cell)))
    cells = {cell: None if cell in hidden else count for cell, count in whole.items()}
    return Published(rows=tuple(rows), columns=tuple(columns), cells=cells)


def _price(whole: Mapping[Cell, int], hidden: set[Cell], cell: Cell) -> tuple[bool, int, int, Cell]:
    """What hiding one more costs: a total most, then what closes no round yet, then the larger count."""
    closes = any(row == cell[0] for row, _ in hidden) + any(column == cell[1] for _, column in hidden)
    return TOTAL in cell, -closes, whole[cell], cell


def _with_totals(counts: Mapping[Cell, int], rows: Sequence[str], columns: Sequence[str]) -> dict[Cell, int]:
    whole = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    whole |= {(row, TOTAL): sum(whole[row, column] for column in columns) for row in rows}
    return whole | {(TOTAL, column): sum(whole[row, column] for row in rows) for column in (*columns, TOTAL)}


def _is_known(whole: Mapping[Cell, int], hidden: set[Cell], cell: Cell) -> bool:
    """Whether what is shown leaves this hidden cell no other number: neither one more nor one less."""
    return not any(_closes(whole, hidden, cell, up=up) for up in (True, False) if _may(whole, cell, up=up))


def _closes(whole: Mapping[Cell, int], hidden: set[Cell], first: Cell, *, up: bool) -> bool:
    """Whether a round of hidden cells comes back to the row of the first, when the first changes so."""
    seen: set[str] = set()
    waiting = [first[1]]
    while waiting:
        column = waiting.pop()
        rows = {row for row, at in hidden - {first} if at == column and _may(whole, (row, at), up=not up)}
        if first[0] in rows:
            return True
        for row in rows - seen:
            waiting.extend(at for own, at in hidden - {first} if own == row and _may(whole, (own, at), up=up))
        seen |= rows
    return False


def _may(whole: Mapping[Cell, int], cell: Cell, *, up: bool) -> bool:
    """Whether its part in the sums can become more (``up``) or less: that of a total is its negative."""
    is_added = (cell[0] == TOTAL) is (cell[1] == TOTAL)
    return whole[cell] > 0 or up is is_added
