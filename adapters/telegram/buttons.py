"""What a button of ours carries, and what a pressed or followed one says.

Two forms. *Data* travels with a press: ``v1:<poll>:<option>`` for an option, ``c1:<command>:<argument>…`` for a
command, at most 64 bytes. A *payload* travels in a link ``t.me/<bot>?start=<payload>``, at most 64 of
``[A-Za-z0-9_-]``: a mark, then the command and its arguments separated by ``Z``, any byte outside ``[a-z0-9_-]``
written ``X`` and two hexadecimal digits. The mark (four characters of a keyed hash) means that the bot wrote the
link itself: otherwise anybody could post a link that casts a vote or erases the data of whoever follows it.
"""

import base64
import hashlib
import hmac
import re
from urllib.parse import quote, unquote

from adapters.telegram import limits
from core.errors import Rejected
from core.events import Choice, Command
from core.identifiers import PollId

_CHOICE = re.compile(r"v1:([A-Za-z0-9_-]{1,56}):([0-9]{1,3})")
_COMMAND = re.compile(r"c1:([a-z0-9_]{1,32})((?::[A-Za-z0-9_.~%-]*)*)")
_PAYLOAD = re.compile(r"([A-Za-z0-9_-]{4})([a-z0-9_XZ-]{1,60})")
_ESCAPED = re.compile(r"X([0-9a-f]{2})")
_TO_ESCAPE = re.compile(rb"[^a-z0-9_-]")


def data_of(action: Choice | Command) -> str:
    """The callback data of a button. Raises Rejected when it does not fit."""
    data = ":".join(_words(action))
    if len(data.encode()) > limits.LONGEST_DATA:
        raise Rejected(f"a button's data would take more than {limits.LONGEST_DATA} bytes: {data}")
    return data


def _words(action: Choice | Command) -> tuple[str, ...]:
    match action:
        case Choice(poll, option):
            return ("v1", poll, str(option))
        case Command(name, arguments):
            return ("c1", name, *(quote(argument, safe="", errors="replace") for argument in arguments))


def action_of(data: str) -> Choice | Command | None:
    """What a press of this data asks for; None when no button of ours carries such data."""
    if choice := _CHOICE.fullmatch(data):
        return Choice(PollId(choice[1]), int(choice[2]))
    if command := _COMMAND.fullmatch(data):
        return Command(command[1], tuple(unquote(argument) for argument in command[2].split(":")[1:]))
    return None


def payload_of(command: Command, key: bytes) -> str:
    """The start payload of a link that gives this command. Raises Rejected when it does not fit."""
    written = "Z".join(_escaped(word) for word in (command.name, *command.arguments))
    payload = _mark(written, key) + written
    if len(payload) > limits.LONGEST_PAYLOAD:
        raise Rejected(f"a link's payload would be longer than {limits.LONGEST_PAYLOAD} characters: {payload}")
    return payload


def command_of(payload: str, key: bytes) -> Command | None:
    """The command a followed link gives; None when the bot did not write this link."""
    found = _PAYLOAD.fullmatch(payload)
    if found is None or not hmac.compare_digest(found[1], _mark(found[2], key)):
        return None
    name, *arguments = (_plain(word) for word in found[2].split("Z"))
    return Command(name, tuple(arguments))


def _mark(written: str, key: bytes) -> str:
    digest = hmac.digest(key, b"start payload:" + written.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:3]).decode()


def _escaped(word: str) -> str:
    return _TO_ESCAPE.sub(lambda byte: b"X%02x" % byte[0][0], word.encode("utf-8", "replace")).decode()


def _plain(word: str) -> str:
    raw = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), word)
    return raw.encode("latin-1", "replace").decode("utf-8", "replace")
