"""What the libraries' own models say of the networks' objects: judges of the saved payloads that nobody here wrote.

discord.py and aiogram are read in their source: the models of the first cannot be imported one by one, those of the
second take ten seconds to build.
"""

import ast
import importlib.util
import types
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from mastodon import return_types

from tests.sandbox import oracle

Json = dict[str, Any]
_BESIDE = frozenset({"member", "user", "message"})  # of an interaction: discord.py reads them, its types leave them out


def strange_on_telegram(told: Json, kind: str = "Update") -> Iterator[str]:
    """Each field that aiogram does not know, or misses, with its path."""
    fields = {"from" if name == "from_user" else name: field for name, field in oracle.fields_of(kind).items()}
    yield from (f"{kind}.{name}: unknown" for name in told.keys() - fields.keys())
    yield from (f"{kind}.{name}: missing" for name, field in fields.items() if field.required and name not in told)
    for name, value in told.items():
        kinds = [each for each in fields[name].kinds if oracle.is_object(each)] if name in fields else []
        if isinstance(value, dict) and kinds:  # of the kinds that it may be, the nearest
            nearest = min(([*strange_on_telegram(value, each)] for each in kinds), key=len)
            yield from (f"{kind}.{line}" for line in nearest)


def strange_on_discord(told: Json, kind: str) -> Iterator[str]:
    """Each field that discord.py does not know, or misses."""
    required, known = _discord(kind)
    known |= _BESIDE if kind.endswith("Interaction") else frozenset()
    yield from (f"{kind}.{name}: unknown" for name in told.keys() - known)
    yield from (f"{kind}.{name}: missing" for name in required - told.keys())


def strange_on_mastodon(told: Json, kind: type = return_types.Notification) -> Iterator[str]:
    """Each field that Mastodon.py does not know, or gives another kind of value, with its path."""
    known = get_type_hints(kind)
    for name, value in told.items():
        meant = _plain(known[name]) if name in known else ()
        if name not in known or not _is(value, meant):
            yield f"{kind.__name__}.{name}: {'unknown' if name not in known else f'{value!r} is no {meant}'}"
        inner = next((each for each in meant if isinstance(each, type) and hasattr(return_types, each.__name__)), None)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and inner is not None:
                yield from (f"{kind.__name__}.{line}" for line in strange_on_mastodon(each, inner))


def _plain(hint: Any) -> tuple[Any, ...]:
    """The types that a hint allows; of lists, those of their entries too."""
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(kind for each in get_args(hint) for kind in _plain(each))
    inner = tuple(kind for each in get_args(hint) for kind in _plain(each))
    return ((list, *inner) if inner else (hint,)) if get_origin(hint) is not None else (hint,)


def _is(value: object, meant: tuple[Any, ...]) -> bool:
    names = {getattr(kind, "__name__", "") for kind in meant}
    if value is None:
        return "NoneType" in names
    by_json = {
        str: {"str", "datetime", "MaybeSnowflakeIdType", "EntityList"},
        bool: {"bool"},
        int: {"int"},
        list: {"list", "NonPaginatableList"},
    }
    return isinstance(value, dict) or bool(by_json[type(value)] & names)


@cache
def _discord(kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """The fields that must be there, and all of them."""
    definition = _discord_classes()[kind]
    required: set[str] = set()
    known: set[str] = set()
    for base in definition.bases:
        if isinstance(base, ast.Name) and base.id in _discord_classes():
            required |= _discord(base.id)[0]
            known |= _discord(base.id)[1]
    total = not any(keyword.arg == "total" for keyword in definition.keywords)
    for line in definition.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            known.add(line.target.id)
            if total and not ast.unparse(line.annotation).startswith("NotRequired"):
                required.add(line.target.id)
    return frozenset(required), frozenset(known)


@cache
def _discord_classes() -> Mapping[str, ast.ClassDef]:
    installed = importlib.util.find_spec("discord")
    assert installed
    assert installed.origin
    found: dict[str, ast.ClassDef] = {}
    for name in ("interactions", "message", "user", "member"):
        text = (Path(installed.origin).parent / "types" / f"{name}.py").read_text(encoding="utf-8")
        found |= {each.name: each for each in ast.parse(text).body if isinstance(each, ast.ClassDef)}
    return found
