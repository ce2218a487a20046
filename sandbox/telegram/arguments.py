"""The arguments of a call, read as the tables say. Anything else is refused and remembered as a violation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.telegram.errors import Refused, violated
from sandbox.telegram.objects import LARGEST_ID, OBJECTS, Parameter, Table
from sandbox.telegram.values import Json

ROWS = frozenset({"inline_keyboard", "keyboard"})
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Arguments:
    """Values by name, of the types their tables say; ``uploads`` are the files that came with them."""

    values: Json = field(default_factory=dict)
    uploads: Mapping[str, bytes] = field(default_factory=dict)

    def integer(self, name: str, default: int = 0) -> int:
        """A number."""
        value = self.values.get(name, default)
        return value if isinstance(value, int) else default

    def text(self, name: str) -> str:
        """A string; empty when it was not given."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else str(value)

    def flag(self, name: str) -> bool:
        """Whether it was said."""
        return self.values.get(name) is True

    def mapping(self, name: str) -> Json | None:
        """An object, or None when it was not given."""
        value = self.values.get(name)
        return value if isinstance(value, dict) else None

    def items(self, name: str) -> list[object]:
        """A list; empty when it was not given."""
        value = self.values.get(name)
        return value if isinstance(value, list) else []

    def chat(self) -> int | str:
        """The chat the call is about."""
        value = self.values.get("chat_id", 0)
        return value if isinstance(value, int) else str(value)


def read(table: Table, raw: Mapping[str, object], uploads: Mapping[str, bytes]) -> Arguments:
    """The arguments of a call, from strings (a form) or JSON values. Raises ``Refused``."""
    values: Json = {}
    for name, value in raw.items():
        parameter = table.get(name)
        if parameter is None:
            raise violated(f'unknown parameter "{name}"')
        values[name] = _value(name, parameter, value)
    for name, parameter in table.items():
        if parameter.required and values.get(name, "") == "" and not (parameter.kind == "file" and name in uploads):
            raise violated(parameter.missing or f'parameter "{name}" is required')
    return Arguments(values, uploads)


def _value(name: str, parameter: Parameter, value: object) -> object:
    """A top-level value: forms send everything as strings, nested things as JSON in them."""
    if isinstance(value, str):
        value = _from_form(name, parameter, value)
    return _checked(name, parameter, value)


def _from_form(name: str, parameter: Parameter, value: str) -> object:
    match parameter.kind:
        case "integer":
            return _number(name, value)
        case "boolean":
            if value not in BOOLEANS:
                raise _wrong(name, "true or false")
            return BOOLEANS[value]
        case "object" | "list":
            return _json(name, value)
        case "string" | "chat" | "file":
            return value


def _json(name: str, value: str) -> object:
    try:
        return json.loads(value)
    except ValueError as error:
        raise violated(f"can't parse {name} JSON object") from error


def _number(name: str, value: str) -> int:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise _wrong(name, "an integer")
    return int(value)


def _wrong(name: str, expected: str) -> Refused:
    return violated(f'parameter "{name}" must be {expected}')


def _checked(name: str, parameter: Parameter, value: object) -> object:
    match parameter.kind:
        case "integer":
            return _bounded(name, parameter, value)
        case "boolean":
            if not isinstance(value, bool):
                raise _wrong(name, "true or false")
            return value
        case "string" | "file":
            return _string(name, parameter, value)
        case "chat":
            return _chat(name, value)
        case "object":
            return _object(name, parameter.shapes, value)
        case "list":
            return _list(name, parameter, value)


def _bounded(name: str, parameter: Parameter, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name, "an integer")
    low = -LARGEST_ID if parameter.lowest is None else parameter.lowest
    high = LARGEST_ID if parameter.highest is None else parameter.highest
    if not low <= value <= high:
        raise _wrong(name, f"between {low} and {high}")
    return value


def _string(name: str, parameter: Parameter, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, "a string")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise violated("strings must be encoded in UTF-8")
    if parameter.longest is not None and len(value) > parameter.longest:
        raise _wrong(name, f"at most {parameter.longest} characters long")
    return value


def _chat(name: str, value: object) -> int | str:
    """An id or a public name (``Client.cpp check_chat``)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.startswith("@"):
        return value
    if isinstance(value, str) and value:
        return _number(name, value)
    if value == "":
        raise violated(f"{name} is empty")
    raise _wrong(name, "an integer or a name")


def _list(name: str, parameter: Parameter, value: object) -> list[object]:
    if not isinstance(value, list):
        raise _wrong(name, "an array")
    if parameter.most is not None and len(value) > parameter.most:
        raise _wrong(name, f"at most {parameter.most} items long")
    if name in ROWS:
        for row in value:
            if not isinstance(row, list):
                raise violated(f'field "{name}" must be an Array of Arrays')
        return [[_object(name, parameter.shapes, button) for button in row] for row in value]
    if parameter.shapes:
        return [_object(name, parameter.shapes, item) for item in value]
    return [_checked(name, Parameter(kind=parameter.items), item) for item in value]


def _object(name: str, shapes: tuple[str, ...], value: object) -> Json:
    if not isinstance(value, dict):
        raise _wrong(name, "an object")
    shape = min(shapes, key=lambda candidate: _distance(OBJECTS[candidate], value))
    table = OBJECTS[shape]
    for key in value:
        if key not in table:
            raise violated(f'unknown field "{key}" in {shape}')
    for key, parameter in table.items():
        if parameter.required and key not in value:
            raise violated(f'{shape} must have field "{key}"')
    return {key: _checked(key, table[key], content) for key, content in value.items()}


def _distance(table: Table, value: Json) -> int:
    """How many fields are too many or missing."""
    missing = sum(1 for key, parameter in table.items() if parameter.required and key not in value)
    return missing + sum(1 for key in value if key not in table)
