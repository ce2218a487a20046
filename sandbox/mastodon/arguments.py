"""Parameters, looked at by their table: what is known and of the right kind comes through, the rest is told."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.mastodon.parameters import Kind, Objects, Plain, Table
from sandbox.mastodon.request import Sent
from sandbox.mastodon.values import Json

# ActiveModel::Type::Boolean: these mean no, everything else means yes
NO = frozenset({"0", "f", "F", "false", "FALSE", "off", "OFF", ""})
FLAGS = NO | {"1", "t", "T", "true", "TRUE", "on", "ON"}


@dataclass(frozen=True, slots=True)
class Arguments:
    """What an address was given, by name. What was left out is None, or empty."""

    values: Json
    uploads: Mapping[str, tuple[str, bytes]]

    def text(self, name: str) -> str | None:
        """A text."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def flag(self, name: str) -> bool | None:
        """Yes or no."""
        value = self.values.get(name)
        return None if value is None else (value not in NO if isinstance(value, str) else bool(value))

    def number(self, name: str) -> int | None:
        """A whole number."""
        value = str(self.values.get(name, ""))
        return int(value) if re.fullmatch(r"-?\d+", value) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list."""
        value = self.values.get(name)
        return tuple(str(item) for item in value) if isinstance(value, list) else ()

    def inner(self, name: str) -> "Arguments | None":
        """An object, to be asked in the same way."""
        value = self.values.get(name)
        return Arguments(value, {}) if isinstance(value, dict) else None

    def objects(self, name: str) -> tuple["Arguments", ...] | None:
        """A list of objects."""
        value = self.values.get(name)
        if isinstance(value, dict):
            value = list(value.values())
        if not isinstance(value, list):
            return None
        return tuple(Arguments(item, {}) for item in value if isinstance(item, dict))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not have been sent, or not so. ``mistyped``: a strict reader of JSON refuses it."""

    reason: str
    mistyped: bool = False


def read(table: Table, sent: Sent) -> tuple[Arguments, list[Finding]]:
    """What a table makes of what was sent, and what is wrong with it."""
    findings: list[Finding] = []
    values = _object(table, sent.raw, "", findings, json=sent.is_json)
    known = {name for name, kind in table.items() if kind == "file"}
    findings += [Finding(f"unknown file {name!r}") for name in sent.uploads if name not in known]
    return Arguments(values, sent.uploads), findings


def _object(table: Table, raw: Json, prefix: str, findings: list[Finding], *, json: bool) -> Json:
    values: Json = {}
    for name, value in raw.items():
        kind = table.get(name)
        if kind is None:
            findings.append(Finding(f"unknown parameter {prefix + name!r}"))
        elif value is not None:
            read_value = _value(kind, value, prefix + name, findings, json=json)
            values |= {} if read_value is None else {name: read_value}
    return values


def _value(kind: Kind, value: object, name: str, findings: list[Finding], *, json: bool) -> object:
    if isinstance(kind, Objects):
        items = list(value.values()) if isinstance(value, dict) and not json else value
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            findings.append(Finding(f"{name} must be a list of objects", mistyped=True))
            return None
        return [_object(kind.fields, item, f"{name}.", findings, json=json) for item in items]
    if isinstance(kind, Mapping):
        if not isinstance(value, dict):
            findings.append(Finding(f"{name} must be an object", mistyped=True))
            return None
        return _object(kind, value, f"{name}.", findings, json=json)
    return _plain(kind, value, name, findings, json=json)


def _plain(kind: Plain, value: object, name: str, findings: list[Finding], *, json: bool) -> object:
    if kind in {"texts", "numbers"}:
        one: Plain = "text" if kind == "texts" else "number"
        if not isinstance(value, list):
            findings.append(Finding(f"{name} must be a list", mistyped=True))
            return None
        if not all(_fits(one, item, json=json) for item in value):
            findings.append(Finding(f"{name} must be a list of {kind}", mistyped=True))
        return [item for item in value if not isinstance(item, dict | list)]
    if not _fits(kind, value, json=json):
        findings.append(Finding(f"{name} must be a {kind}", mistyped=True))
    return None if isinstance(value, dict | list) else value


def _fits(kind: Plain, value: object, *, json: bool) -> bool:
    checks: dict[Plain, Callable[[object], bool]] = {
        "text": lambda given: isinstance(given, str),
        "flag": lambda given: isinstance(given, bool) if json else given in FLAGS,
        "number": lambda given: _is_number(given, json=json),
    }
    return kind in checks and checks[kind](value)


def _is_number(value: object, *, json: bool) -> bool:
    if json:
        return isinstance(value, int) and not isinstance(value, bool)
    return re.fullmatch(r"-?\d+", str(value)) is not None
