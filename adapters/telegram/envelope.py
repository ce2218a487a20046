"""The answer to getUpdates, cut into updates without reading them: nothing inside one can spoil the others.

``json.loads`` on the whole answer would fail on one update that is nested too deeply or holds too large a number, and
the same answer would come again for ever.
"""

import re
from collections.abc import Iterator

from core.errors import Unavailable
from core.ports.platform import Update

_SUCCESS = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\b')
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')
_DEPTH = 3  # {"ok": true, "result": [{…}]}


def updates_in(payload: bytes) -> tuple[Update, ...]:
    """The updates in the order given, each as it came; those without a usable number are left out.

    Raises Unavailable for what is no answer to getUpdates, or one that no later request could get past.
    """
    if _SUCCESS.match(payload) is None:
        raise Unavailable("the server's answer is not one of Telegram's")
    bodies = tuple(_objects(payload))
    updates = tuple(Update(int(found[1]), body) for body in bodies if (found := _NUMBER.search(body)))
    if bodies and not updates:
        raise Unavailable("no update in the server's answer has a usable number")
    return updates


def _objects(payload: bytes) -> Iterator[bytes]:
    depth = start = 0
    for token in _TOKEN.finditer(payload):
        sign = token[0]
        if sign in {b"{", b"["}:
            depth += 1
            if depth == _DEPTH:
                start = token.start()
        elif sign in {b"}", b"]"}:
            if depth == _DEPTH:
                yield payload[start : token.end()]
            depth -= 1
