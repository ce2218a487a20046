"""A visitor of a town on stage, at one citizen's phone."""

import asyncio
import struct
import zlib
from datetime import UTC, datetime

from aiohttp import ClientSession

from sandbox.crowd import CrowdPlan
from sandbox.stage import Stage
from sandbox.telegram.values import Json, Message
from tests.sandbox.guest import Guest

NINE = datetime(2027, 3, 1, 8, tzinfo=UTC)
QUIET = CrowdPlan(turnout=0, subscribers=0, typists=(), late=0, reminded=0)


class Visitor(Guest):
    """A visitor at one phone of a stage."""

    def __init__(self, stage: Stage, session: ClientSession) -> None:
        self.stage = stage
        self.me = stage.people[0]
        super().__init__(session, stage.url, self.me.id, telegram=stage.town.channel)

    @property
    def chat(self) -> int:
        """The chat that is open."""
        return int(str(self.places["telegram"]))

    @chat.setter
    def chat(self, chat: int) -> None:
        self.places["telegram"] = chat

    async def does(
        self, act: str, *, headers: dict[str, str] | None = None, reply: object = "", **fields: object
    ) -> int:
        """Send a form of the chats, or the clock's."""
        where = act if act == "clock" else f"telegram/{act}"
        return await super().does(where, headers=headers, reply=reply, **fields)

    async def bot(self, method: str, **parameters: object) -> Json:
        """The bot calls a method."""
        address = f"{self.stage.url}/bot{self.stage.token}/{method}"
        async with self.session.post(address, json=parameters) as answer:
            body: Json = await answer.json()
        assert body["ok"], body
        return body

    async def asks(self) -> int:
        """The bot opens a poll in the channel; the number of the message."""
        rows = [[{"text": label, "callback_data": f"v1:val_pont:{n}"}] for n, label in enumerate(("Pont", "Gué"))]
        markup = {"inline_keyboard": rows}
        await self.bot("sendMessage", chat_id=self.stage.town.channel, text="Quel passage ?", reply_markup=markup)
        return max(self.stage.world.chat(self.stage.town.channel).messages)

    async def answers(self, text: str, *, alert: bool = False) -> None:
        """The bot answers the press that waits, once there is one."""
        pressed = asyncio.Event()
        leave = self.stage.world.subscribe(lambda change: pressed.set() if change.kind == "press" else None)
        await pressed.wait()
        leave()
        (press,) = self.stage.world.presses
        await self.bot("answerCallbackQuery", callback_query_id=press, text=text, show_alert=alert)

    @property
    def square(self) -> dict[int, Message]:
        """What stands in the discussion group."""
        return self.stage.world.chat(self.stage.town.group).messages


def picture() -> bytes:
    """A picture of two by two grey dots."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0ab\0cd")) + chunk(b"IEND", b"")
