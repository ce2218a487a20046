"""A table is one test where many tests are run: its rows one after the other, and every one that fails is named.

pytest spends milliseconds around each test; most rows of a table take a tenth of one. This is for functions that ask
for nothing of their own but the row. Whoever runs a few tests by hand sees each row as a test, as pytest shows it.
"""

import inspect
from collections.abc import Iterable, Sequence
from functools import wraps
from typing import TypeGuard

import pytest
from _pytest.python import DirectParamFixtureDef


def in_tables(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The same tests in the same order, all rows of a table where the first one stands."""
    tests: list[pytest.Item] = []
    tables: dict[object, list[pytest.Function]] = {}
    for item in items:
        if not _is_row(item):
            tests.append(item)
        elif rows := tables.get((item.parent, item.function)):
            rows.append(item)
        else:
            tables[item.parent, item.function] = [item]
            tests.append(item)
    firsts: dict[pytest.Item, pytest.Item] = {rows[0]: _table(rows) for rows in tables.values() if len(rows) > 1}
    return [firsts.get(test, test) for test in tests]


def _is_row(item: pytest.Item) -> TypeGuard[pytest.Function]:
    """Whether a row is all that it asks for, or shares what else there is with all tests of its module."""
    if type(item) is not pytest.Function or not hasattr(item, "callspec") or item.cls or item.callspec.marks:
        return False
    asked = [made[-1] for made in item._fixtureinfo.name2fixturedefs.values()]  # noqa: SLF001  pytest has no other way
    others = [made for made in asked if not isinstance(made, DirectParamFixtureDef)]
    return (
        "request" not in item.fixturenames
        and not hasattr(item.function, "is_hypothesis_test")
        and all(made.scope != "function" and made.argname not in item.callspec.params for made in others)
    )


def _table(rows: Sequence[pytest.Function]) -> pytest.Function:
    first = rows[0]

    def table(**shared: object) -> None:
        failed = [error for row in rows if (error := _failure(row, shared)) is not None]
        if len(failed) > 1:
            raise BaseExceptionGroup(f"{len(failed)} rows fail", failed)
        if failed:
            raise failed[0]

    asked = inspect.signature(first.function)
    shared = [each for each in asked.parameters.values() if each.name not in first.callspec.params]
    test = wraps(first.function)(table)
    vars(test)["__signature__"] = asked.replace(parameters=shared)
    return pytest.Function.from_parent(first.parent, name=first.originalname, callobj=test)


def _failure(row: pytest.Function, shared: dict[str, object]) -> BaseException | None:
    try:
        row.obj(**shared, **row.callspec.params)
    except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:  # noqa: BLE001  the others are tried as well
        error.add_note(f"in the row [{row.callspec.id}]")
        return error
    return None
