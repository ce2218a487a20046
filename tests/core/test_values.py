"""Every value of the core is frozen and small; every port is a protocol that a fake can implement."""

import dataclasses
import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import core
from core.ports import store

MODULES = [importlib.import_module(found.name) for found in pkgutil.walk_packages(core.__path__, "core.")]
CLASSES = sorted(
    {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if inspect.isclass(kind) and kind.__module__ == module.__name__
    },
    key=lambda kind: kind.__qualname__,
)
VALUES = [kind for kind in CLASSES if dataclasses.is_dataclass(kind)]
BOOKS = [kind for kind in vars(store).values() if inspect.isclass(kind) and kind.__name__.endswith("Book")]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_a_value_is_frozen_and_has_slots(value: type) -> None:
    """Change makes a new one; a misspelt field is an error."""
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]  # every member of VALUES is a dataclass
    assert "__slots__" in vars(value)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_keeps_nothing_that_changes(module: ModuleType) -> None:
    """State lives in stores, connections and the supervisor; importing does nothing."""
    changeable = [
        name
        for name, value in vars(module).items()
        if not name.startswith("__") and isinstance(value, list | bytearray)
    ]

    assert changeable == []


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.__name__)
def test_a_book_is_synchronous(book: type) -> None:
    """It lives inside one transaction of the one writer: nothing may be awaited there."""
    assert [name for name, method in vars(book).items() if inspect.iscoroutinefunction(method)] == []


def test_every_book_of_the_store_is_on_the_shelf() -> None:
    """A book that ``Books`` does not hold would be unreachable."""
    shelf = {
        inspect.signature(prop.fget).return_annotation
        for prop in vars(store.Books).values()
        if isinstance(prop, property) and prop.fget
    }

    assert shelf == set(BOOKS)
