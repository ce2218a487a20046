"""From a TOML document to a pydantic model, with every mistake named in the words of the file."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from core import tomlfile
from core.errors import Misconfigured

Model = TypeVar("Model", bound=BaseModel)


def table_of(model: type[Model], document: tomlfile.Document) -> Model:
    """The document as ``model``. Raises Misconfigured with all that is wrong: file, line, key, nearest right name."""
    try:
        return model.model_validate(document.tables)
    except ValidationError as error:
        errors: list[dict[str, Any]] = [dict(found) for found in error.errors()]
        raise Misconfigured(*tomlfile.findings(document, errors, known_keys(model))) from error


def known_keys(model: type[BaseModel], prefix: str = "") -> dict[str, Collection[str]]:
    """The right names of every table the model has, by dotted path; ranks are left out, free names are ``*``."""
    found: dict[str, Collection[str]] = {prefix: tuple(model.model_fields)}
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
