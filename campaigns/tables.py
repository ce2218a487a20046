"""From a TOML document to a pydantic model, with every mistake named in the words of the file.

Here are also the pieces that every file of a town is made of: tables, texts in both languages, zones.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from core import tomlfile
from core.errors import Misconfigured
from core.folding import clean
from core.wording import Wording

Model = TypeVar("Model", bound=BaseModel)

_SENTENCES = {
    "missing": "is missing",
    "string_type": "is not a text in quotes",
    "path_type": "is not a path in quotes",
    "int_type": "is not a whole number",
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "tuple_type": "is not a list in [ ]",
    "dict_type": "is not a table",
    "model_type": "is not a table",
    "enum": "is none of {expected}",
    "literal_error": "is none of {expected}",
    "too_short": "has {actual_length} entries; at least {min_length}",
    "too_long": "has {actual_length} entries; at most {max_length}",
    "string_pattern_mismatch": "is no short name: 1 to 24 of a-z, 0-9 and -",
}


def _sendable(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("empty", "is empty: write the text, in both languages")
    if clean(text) != text:
        raise PydanticCustomError("unfit", "holds a control character, which no network can show")
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        sentence = "«{name}» is not a zone of the IANA database, such as Europe/Paris"
        raise PydanticCustomError("zone", sentence, {"name": name}) from error
    return name


Text = Annotated[str, AfterValidator(_sendable)]
Zone = Annotated[str, AfterValidator(_zone)]


class Table(BaseModel):
    """A table of the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WordingTable(Table):
    """A text in both languages."""

    fr: Text
    en: Text

    def value(self) -> Wording:
        """The core's value."""
        return Wording(fr=self.fr, en=self.en)


def table_of(model: type[Model], document: tomlfile.Document) -> Model:
    """The document as ``model``. Raises Misconfigured with all that is wrong: file, line, key, nearest right name."""
    try:
        return model.model_validate(document.tables)
    except ValidationError as error:
        errors: list[dict[str, Any]] = [{**found, **_told(dict(found))} for found in error.errors()]
        raise Misconfigured(*tomlfile.findings(document, errors, known_keys(model))) from error


def _told(error: Mapping[str, Any]) -> dict[str, object]:
    context = error.get("ctx", {})
    right = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    nearest = tomlfile.nearest(str(error["input"]), right) if right else context.get("nearest")
    return {"msg": _said(error), "nearest": nearest}


def _said(error: Mapping[str, Any]) -> str:
    """The mistake in a sentence of ours; of a kind that no file of ours can hold, the library's."""
    sentence = _SENTENCES.get(error["type"])
    return sentence.format(**error.get("ctx", {})) if sentence else str(error["msg"])


def known_keys(model: type[BaseModel], prefix: str = "") -> dict[str, Collection[str]]:
    """The right names of every table the model has, by dotted path; ranks are left out, free names are ``*``."""
    found: dict[str, Collection[str]] = {
        prefix: tuple(field.alias or name for name, field in model.model_fields.items())
    }
    for name, field in model.model_fields.items():
        for inner, below in _models(field.annotation):
            found |= known_keys(inner, f"{prefix}.{name}{below}".lstrip("."))
    return found


def _models(annotation: object) -> Iterator[tuple[type[BaseModel], str]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ""
    free = ".*" if get_origin(annotation) in {dict, Mapping} else ""
    for argument in get_args(annotation):
        for inner, below in _models(argument):
            yield inner, free + below
