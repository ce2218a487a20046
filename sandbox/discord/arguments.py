"""Bodies read against their tables: everything that is wrong is told at once, field by field, as Discord does."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.discord.errors import invalid
from sandbox.discord.parameters import OBJECTS, Field, Table
from sandbox.discord.values import Json


@dataclass(slots=True)
class Reading:
    """What was found while reading: the tree of errors, and fields nobody knows."""

    errors: Json = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)


def read(table: Table, given: Json) -> tuple[Json, list[str]]:
    """The body without the fields nobody knows, and the paths of those. Raises ``Refused`` (50035)."""
    reading = Reading()
    known = _object(table, given, reading.errors, "", reading)
    if reading.errors:
        raise invalid(reading.errors)
    return known, reading.strangers


def _object(table: Table, given: Json, errors: Json, path: str, reading: Reading) -> Json:
    known: Json = {}
    reading.strangers += [f"{path}{name}" for name in given if name not in table]
    for name, wanted in table.items():
        below: Json = {}
        if name in given:
            known[name] = _value(wanted, given[name], below, f"{path}{name}.", reading)
        elif wanted.required:
            _add(below, "BASE_TYPE_REQUIRED", "This field is required")
        if below:
            errors[name] = below
    return known


def _value(wanted: Field, given: object, errors: Json, path: str, reading: Reading) -> object:
    if given is None:
        if not wanted.nullable:
            _add(errors, "BASE_TYPE_REQUIRED", "This field is required")
        return None
    match wanted.form:
        case "object" | "typed":
            return _below(wanted, given, errors, path, reading)
        case "list":
            return _list(wanted, given, errors, path, reading)
        case _:
            value = PLAIN[wanted.form](given, errors)
            if not errors:
                _check(wanted, value, errors)
            return value


def _below(wanted: Field, given: object, errors: Json, path: str, reading: Reading) -> object:
    if not isinstance(given, dict):
        _add(errors, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return None
    table = wanted.table
    if wanted.typed is not None:
        kind = given.get("type")
        if not isinstance(kind, int) or kind not in wanted.typed:
            choices = ", ".join(map(str, sorted(wanted.typed)))
            below: Json = {}
            _add(below, "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')
            errors["type"] = below
            return None
        table = wanted.typed[kind]
    return _object(OBJECTS[table or ""], given, errors, path, reading)


def _list(wanted: Field, given: object, errors: Json, path: str, reading: Reading) -> object:
    if not isinstance(given, list) or wanted.items is None:
        _add(errors, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return None
    if not wanted.fewest <= len(given) <= (wanted.most if wanted.most is not None else len(given)):
        _add(errors, "BASE_TYPE_BAD_LENGTH", f"Must be between {wanted.fewest} and {wanted.most} in length.")
    items: list[object] = []
    for rank, item in enumerate(given):
        below: Json = {}
        items.append(_value(wanted.items, item, below, f"{path}{rank}.", reading))
        if below:
            errors[str(rank)] = below
    return items


def _check(wanted: Field, value: object, errors: Json) -> None:
    if isinstance(value, str):
        _check_length(wanted, len(value), errors)
    elif isinstance(value, dict) and wanted.form == "words":
        for name, words in value.items():
            below: Json = {}
            _check_length(wanted, len(words), below)
            if below:
                errors[name] = below
    elif isinstance(value, int | float) and not isinstance(value, bool):
        _check_bounds(wanted, value, errors)
    if wanted.choices and value not in wanted.choices:
        choices = ", ".join(repr(choice) for choice in sorted(wanted.choices, key=str))
        _add(errors, "BASE_TYPE_CHOICES", f"Value must be one of {{{choices}}}.")


def _check_bounds(wanted: Field, value: float, errors: Json) -> None:
    if wanted.lowest is not None and value < wanted.lowest:
        _add(errors, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {wanted.lowest}.")
    if wanted.highest is not None and value > wanted.highest:
        _add(errors, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {wanted.highest}.")


def _check_length(wanted: Field, length: int, errors: Json) -> None:
    if wanted.longest is None or wanted.shortest <= length <= wanted.longest:
        return
    if wanted.shortest:
        _add(errors, "BASE_TYPE_BAD_LENGTH", f"Must be between {wanted.shortest} and {wanted.longest} in length.")
    else:
        _add(errors, "BASE_TYPE_MAX_LENGTH", f"Must be {wanted.longest} or fewer in length.")


def _add(errors: object, code: str, message: str) -> None:
    if isinstance(errors, dict):
        errors.setdefault("_errors", []).append({"code": code, "message": message})


def _integer(given: object, errors: Json) -> int:
    """Whole numbers, also as strings or with a fraction of zero: what libraries really send."""
    if isinstance(given, float) and given.is_integer():
        return int(given)
    if isinstance(given, str) and given.lstrip("-").isdigit():
        return int(given)
    if not isinstance(given, int) or isinstance(given, bool):
        _add(errors, "NUMBER_TYPE_COERCE", f'Value "{given}" is not int.')
        return 0
    return given


def _snowflake(given: object, errors: Json) -> int:
    if isinstance(given, str) and given.isdigit():
        return int(given)
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        _add(errors, "NUMBER_TYPE_COERCE", f'Value "{given}" is not snowflake.')
        return 0
    return given


def _number(given: object, errors: Json) -> float:
    if not isinstance(given, int | float) or isinstance(given, bool):
        _add(errors, "NUMBER_TYPE_COERCE", f'Value "{given}" is not float.')
        return 0
    return given


def _boolean(given: object, errors: Json) -> bool:
    if not isinstance(given, bool):
        _add(errors, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
    return given is True


def _string(given: object, errors: Json) -> str:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return json.dumps(given)
    if not isinstance(given, str):
        _add(errors, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
        return ""
    return given


def _words(given: object, errors: Json) -> Json:
    if not isinstance(given, dict) or not all(isinstance(words, str) for words in given.values()):
        _add(errors, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return {}
    return given


def _instant(given: object, errors: Json) -> str:
    try:
        datetime.fromisoformat(str(given))
    except ValueError:
        _add(errors, "DATE_TIME_TYPE_PARSE", f"Could not parse {given}. Should be ISO8601.")
    return str(given)


def _anything(given: object, _errors: Json) -> object:
    return given


PLAIN: Mapping[str, Callable[[object, Json], object]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "string": _string,
    "snowflake": _snowflake,
    "words": _words,
    "instant": _instant,
    "anything": _anything,
}
