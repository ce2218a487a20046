"""What aiogram's method and object classes say of their fields, read in its source.

Importing it builds every model it has, ten seconds of a processor in each process of the suite; its text says the same.
"""

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.telegram.parameters import METHODS

ALIASES = {"BotCommandScopePlain": "BotCommandScopeDefault"}


@dataclass(frozen=True, slots=True)
class Field:
    """Whether it must be given, and the plain types and the object classes it takes, by their names."""

    required: bool
    kinds: frozenset[str]


def fields_of(name: str) -> Mapping[str, Field]:
    """The fields aiogram knows of one of our tables, by name. Raises KeyError when it knows no such thing."""
    if name in METHODS:
        return _fields(_methods()[name])
    return _fields(_definitions()[ALIASES.get(name, name)])


def is_object(kind: str) -> bool:
    """Whether this is one of Telegram's objects, not a plain type."""
    return isinstance(_definitions().get(kind), ast.ClassDef)


def _fields(definition: ast.AST) -> dict[str, Field]:
    assert isinstance(definition, ast.ClassDef)
    found: dict[str, Field] = {}
    for base in reversed(definition.bases):
        if isinstance(base, ast.Name) and base.id in _definitions():
            found |= _fields(_definitions()[base.id])
    for line in definition.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            found[line.target.id] = Field(line.value is None, frozenset(_kinds(line.annotation)))
    return found


def _kinds(annotation: ast.expr) -> Iterator[str]:
    """Open unions, aliases and literals."""
    match annotation:
        case ast.BinOp(left, ast.BitOr(), right):
            yield from _kinds(left)
            yield from _kinds(right)
        case ast.Subscript(ast.Name("Annotated"), ast.Tuple([first, *_])):
            yield from _kinds(first)
        case ast.Subscript(ast.Name("Literal"), ast.Constant(bool())):
            yield "bool"
        case ast.Subscript(ast.Name("Literal")):
            yield "str"  # the members of its enums are
        case ast.Subscript(ast.Name(outer)):
            yield outer
        case ast.Name(name) if isinstance(alias := _definitions().get(name), ast.AnnAssign) and alias.value:
            yield from _kinds(alias.value)
        case ast.Name(name):
            yield name
        case _:
            yield ast.unparse(annotation)


@cache
def _methods() -> dict[str, ast.ClassDef]:
    """The classes by Telegram's names of the methods."""
    found = {}
    for definition in _read("methods"):
        if isinstance(definition, ast.ClassDef):
            for line in definition.body:
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "__api_method__":
                    found[ast.literal_eval(line.value)] = definition
    return found


@cache
def _definitions() -> dict[str, ast.ClassDef | ast.AnnAssign]:
    """The classes and the aliases of types, by aiogram's names."""
    found: dict[str, ast.ClassDef | ast.AnnAssign] = {}
    for definition in _read("types"):
        if isinstance(definition, ast.ClassDef):
            found[definition.name] = definition
        elif isinstance(definition, ast.AnnAssign):
            found[ast.unparse(definition.target)] = definition
    return found


def _read(folder: str) -> Iterator[ast.stmt]:
    """Every statement at the top of a file of this folder."""
    installed = importlib.util.find_spec("aiogram")
    assert installed
    assert installed.origin
    for path in sorted((Path(installed.origin).parent / folder).glob("*.py")):
        yield from ast.parse(path.read_text(encoding="utf-8")).body
