"""Messages, keyboards and pictures that tests send."""

from aiohttp import FormData

from tests.sandbox.conftest import CHANNEL, Caller

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def button(label: str = "Oui", **action: object) -> dict[str, object]:
    """One inline button."""
    return {"text": label, **(action or {"callback_data": "1"})}


def rows(*buttons: dict[str, object]) -> dict[str, object]:
    """A keyboard of one row."""
    return {"inline_keyboard": [list(buttons)]}


async def sent(caller: Caller, text: str = "Avant", chat: int = CHANNEL, **more: object) -> int:
    """Send a message; its number."""
    answer = await caller.call("sendMessage", chat_id=chat, text=text, **more)
    assert isinstance(answer.result, dict)
    number = answer.result["message_id"]
    assert isinstance(number, int)
    return number


async def pictured(caller: Caller, caption: str = "") -> int:
    """Send a picture; its number."""
    form = FormData({"chat_id": str(CHANNEL), "caption": caption})
    form.add_field("photo", PIXEL, filename="pont.png")
    answer = await caller.form("sendPhoto", form)
    assert isinstance(answer.result, dict)
    return int(answer.result["message_id"])
