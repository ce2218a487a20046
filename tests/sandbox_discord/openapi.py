"""Discord's own OpenAPI document of its HTTP interface, as a judge of bodies: an oracle that nobody here wrote.

The document is not part of the project. It is looked for where ``DISCORD_OPENAPI`` says, else beside the checkout.
"""

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import jsonschema_rs

from sandbox.discord.values import Json
from sandbox.journal import Entry

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "discord" / "openapi.json.gz"
WHERE = Path(os.environ.get("DISCORD_OPENAPI", BESIDE))
MISSING = f"Discord's OpenAPI document is not at {WHERE} (set DISCORD_OPENAPI to use another copy)"
VERBS = frozenset({"get", "put", "post", "patch", "delete"})


class Document:
    """The document, with the bodies it allows."""

    def __init__(self, whole: Json) -> None:
        components = _object(whole["components"])
        self.schemas = _object(components["schemas"])
        # The document says strings; Discord takes whole numbers as well, and libraries send them
        self.schemas["SnowflakeType"] = {"anyOf": [self.schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}
        self._components = {"components": components}
        self._judges: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self.operations = {str(operation["operationId"]): (verb, path, operation)
                           for verb, path, operation in _operations(whole)}  # fmt: skip

    def body(self, operation: str) -> Json | None:
        """The schema of an operation's JSON body, when it has one."""
        request = self.operations[operation][2].get("requestBody")
        if request is None:
            return None
        media = _object(_object(_object(request)["content"])["application/json"])
        return _object(media["schema"])

    def wrong(self, entries: Iterable[Entry]) -> list[str]:
        """What is wrong with the bodies of journalled calls, one line each."""
        return [line for entry in entries for line in self._wrong(entry)]

    def strange(self, told: Json, schema: str) -> list[str]:
        """What is wrong with an object that should be of this kind, one line each."""
        judge = jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{schema}"} | self._components)
        return [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in judge.iter_errors(told)]

    def _wrong(self, entry: Entry) -> Iterator[str]:
        operation = str(entry.get("method"))
        schema = self.body(operation) if operation in self.operations else None
        if entry["kind"] != "call" or schema is None:
            return
        parameters = _object(entry["parameters"])
        body = parameters[""] if "" in parameters else {
            name: value for name, value in parameters.items() if not name.startswith("files[")
        }  # fmt: skip
        if operation not in self._judges:
            self._judges[operation] = jsonschema_rs.Draft202012Validator(schema | self._components)
        for error in self._judges[operation].iter_errors(body):
            yield f"{operation} {'.'.join(map(str, error.instance_path))}: {error.message}"


@cache
def read() -> Document:
    """The document on this machine, read once. Raises ``FileNotFoundError``."""
    return Document(json.loads(gzip.decompress(WHERE.read_bytes())))


def _operations(whole: Json) -> Iterator[tuple[str, str, Json]]:
    for path, verbs in _object(whole["paths"]).items():
        for verb, operation in _object(verbs).items():
            if verb in VERBS:
                yield verb.upper(), path, _object(operation)


def _object(value: object) -> Json:
    assert isinstance(value, dict)
    return value
