"""Just enough of the Bot API, in a process of its own: ``python -m benchmarks.telegram_votes.server``.

It makes presses of a poll's buttons, hands them out in batches, and notes when each is answered. Lean on purpose: the
contenders are measured, not this. Beside the Bot API, three addresses for the benchmark: ``/burst?count=N`` makes N
presses at once and ``/stream?count=N&rate=R`` R a second; both answer when every press was, with the waits in seconds.
``/storm`` mixes them with messages in the debates.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit

from benchmarks.judging.texts import ordinary

POLL = "rives_passage"
OPTIONS = 4
_DONE = b'{"ok":true,"result":true}'
_NOBODY = b'{"ok":true,"result":[]}'
_CHAT = {"id": -1001000000001, "type": "channel", "title": "Ville de Rives", "username": "rives"}
_LOOKING = 0.02  # seconds between two looks
_SAID = ordinary(10**9)  # without an end
_LABELS = ("La passerelle", "Le quai haut", "L'escalier des lavoirs", "La rue du moulin")
_BOT = {
    "id": 1000001,
    "is_bot": True,
    "first_name": "Rives",
    "username": "rives_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": True,
    "supports_inline_queries": False,
}
_DEBATES = {"id": -1001000000002, "type": "supergroup", "title": "Rives, le débat"}
_KINDS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_GIFTS = dict.fromkeys(_KINDS, False)
_KNOWN_OF_DEBATES = {**_DEBATES, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}
_MESSAGE = {
    "message_id": 7,
    "date": 1804000000,
    "chat": _CHAT,
    "sender_chat": _CHAT,
    "text": "Quel passage faut-il éclairer d'abord ?\n\nUn seul choix. Le vote est secret.",
    "reply_markup": {
        "inline_keyboard": [
            [{"text": label, "callback_data": f"v1:{POLL}:{rank}"}] for rank, label in enumerate(_LABELS)
        ]
    },
}


class Presses:
    """The presses made, those not yet confirmed, and how long each waited for its answer."""

    def __init__(self) -> None:
        self._number = 0
        self._waiting: list[tuple[int, bytes]] = []
        self._made: dict[str, float] = {}
        self._waits: list[float] = []
        self._there = asyncio.Event()
        self._answered = asyncio.Event()

    def make(self, count: int) -> None:
        """Let so many citizens press."""
        now = asyncio.get_running_loop().time()
        for _ in range(count):
            self._number += 1
            self._waiting.append((self._number, _press(self._number)))
            self._made[str(self._number)] = now
        self._there.set()

    def say(self, count: int) -> None:
        """Let so many people write in the debates; they wait for nothing."""
        for _ in range(count):
            self._number += 1
            self._waiting.append((self._number, _said(self._number)))
        self._there.set()

    def answer(self, press: str) -> None:
        """Note the answer of a press; only the first counts."""
        made = self._made.pop(press, None)
        if made is not None:
            self._waits.append(asyncio.get_running_loop().time() - made)
        if not self._made:
            self._answered.set()

    async def hand_out(self, offset: int, limit: int, patience: float) -> bytes:
        """Forget what is confirmed, then give what waits, or nothing after so many seconds."""
        self._waiting = [press for press in self._waiting if press[0] >= offset]
        if not self._waiting:
            self._there.clear()
            try:
                await asyncio.wait_for(self._there.wait(), patience)
            except TimeoutError:
                return _NOBODY
        return b'{"ok":true,"result":[%s]}' % b",".join(body for _, body in self._waiting[:limit])

    async def confirmed(self) -> None:
        """Return when everything that was made is confirmed."""
        while self._waiting:  # noqa: ASYNC110  the next fetch tells it, and tells nobody
            await asyncio.sleep(_LOOKING)

    async def waits(self) -> list[float]:
        """Every wait since this was asked last, as soon as all presses are answered."""
        if self._made:
            self._answered.clear()
            await self._answered.wait()
        waits, self._waits = self._waits, []
        return waits


class Connection(asyncio.Protocol):
    """One connection that is kept alive; requests come one after the other."""

    def __init__(self, presses: Presses) -> None:
        self._presses = presses
        self._read = b""
        self._transport: asyncio.Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Deal with every whole request."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end].decode("latin-1")
            length = _length(head)
            if len(self._read) < end + 4 + length:
                return
            body, self._read = self._read[end + 4 : end + 4 + length], self._read[end + 4 + length :]
            self._deal(head.split(" ", 2)[1], body.decode())

    def _deal(self, target: str, body: str) -> None:
        address = urlsplit(target)
        given = dict(parse_qsl(body)) | dict(parse_qsl(address.query))
        method = address.path.rsplit("/", 1)[-1]
        if method == "answerCallbackQuery":
            self._presses.answer(given["callback_query_id"])
            return self._reply(_DONE)
        if method in _SLOW:
            task = asyncio.create_task(self._later(_SLOW[method](self._presses, given)))
            self._tasks.add(task)
            return task.add_done_callback(self._tasks.discard)
        return self._reply(_ANSWERS.get(method, _DONE))

    async def _later(self, answer: Awaitable[bytes]) -> None:
        self._reply(await answer)

    def _reply(self, body: bytes) -> None:
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )


async def _updates(presses: Presses, given: dict[str, str]) -> bytes:
    offset, limit = int(given.get("offset", "0")), int(given.get("limit", "100"))
    return await presses.hand_out(offset, limit, float(given.get("timeout", "0")))


async def _burst(presses: Presses, given: dict[str, str]) -> bytes:
    presses.make(int(given["count"]))
    return json.dumps(await presses.waits()).encode()


async def _stream(presses: Presses, given: dict[str, str]) -> bytes:
    loop = asyncio.get_running_loop()
    began, rate = loop.time(), float(given["rate"])
    for rank in range(int(given["count"])):
        await asyncio.sleep(began + rank / rate - loop.time())
        presses.make(1)
    return json.dumps(await presses.waits()).encode()


async def _storm(presses: Presses, given: dict[str, str]) -> bytes:
    """So many messages and presses a second, for some seconds; answers when all is confirmed and answered."""
    loop = asyncio.get_running_loop()
    began, seconds = loop.time(), float(given["seconds"])
    made, passed = [0, 0], 0.0
    while passed < seconds:
        await asyncio.sleep(_LOOKING)
        passed = min(loop.time() - began, seconds)
        for rank, (name, make) in enumerate((("messages", presses.say), ("presses", presses.make))):
            due = int(passed * float(given[name]))
            make(due - made[rank])
            made[rank] = due
    waits = await presses.waits()
    await presses.confirmed()
    return json.dumps(waits).encode()


_SLOW: dict[str, Callable[[Presses, dict[str, str]], Awaitable[bytes]]] = {
    "getUpdates": _updates,
    "burst": _burst,
    "stream": _stream,
    "storm": _storm,
}


_ANSWERS = {
    method: json.dumps({"ok": True, "result": result}).encode()
    for method, result in {"getMe": _BOT, "getChat": _KNOWN_OF_DEBATES, "getChatAdministrators": []}.items()
}


def _said(number: int) -> bytes:
    message = {
        "message_id": number,
        "date": 1804000000,
        "chat": _DEBATES,
        "from": _citizen(number % 4001),
        "text": next(_SAID),
    }
    return json.dumps({"update_id": number, "message": message}).encode()


def _citizen(rank: int) -> dict[str, object]:
    return {"id": 10_000_000 + rank, "is_bot": False, "first_name": "Camille", "language_code": "fr"}


def _press(number: int) -> bytes:
    query = {
        "id": str(number),
        "from": _citizen(number % 1_000_003),
        "message": _MESSAGE,
        "chat_instance": "-3216547",
        "data": f"v1:{POLL}:{number % OPTIONS}",
    }
    return json.dumps({"update_id": number, "callback_query": query}).encode()


def _length(head: str) -> int:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def serve() -> None:
    """Listen on any free port, tell it, and work until the standard input is closed."""
    loop, presses = asyncio.get_running_loop(), Presses()
    server = await loop.create_server(lambda: Connection(presses), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
