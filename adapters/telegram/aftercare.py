"""What is done to messages that are out, as calls of the Bot API: pure, so that what is previewed is what is done.

| wish      | calls                                                                                                  |
|-----------|--------------------------------------------------------------------------------------------------------|
| amend     | ``editMessageText``, ``editMessageCaption`` of each message with words; of an album, of its first one; |
|           | ``editMessageMedia`` of each with another picture                                                      |
| mark      | the same words in each text; captions of the others emptied; a poll of Telegram stays as it is         |
| take back | ``deleteMessage`` of each, which Telegram allows for 48 hours                                          |
| unpin     | ``unpinChatMessage`` of the first                                                                      |
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from adapters.telegram import outbound
from adapters.telegram.identity import Identity
from adapters.telegram.markup import html
from core.changes import Amend, Change, Mark, TakeBack, Unpin, amended
from core.errors import Rejected
from core.post import Part, Receipt
from core.richtext import RichText

_CAPTIONED = frozenset({"sendPhoto", "sendMediaGroup"})


def calls(change: Change, me: Identity) -> tuple[Part, ...]:
    """The calls, in order. Raises Rejected when it cannot be done."""
    match change:
        case Amend():
            return tuple(_amendment(change, me))
        case Mark():
            return _mark(change)
        case TakeBack(receipts=receipts):
            return tuple(_about("deleteMessage", each) for each in receipts)
        case Unpin(receipts=receipts):
            return tuple(_about("unpinChatMessage", each) for each in receipts[:1])


def _amendment(change: Amend, me: Identity) -> Iterator[Part]:
    parts = outbound.parts(change.after, change.receipts[0].address, topic=None, me=me)
    said = [part for part in parts if part.call != "pinChatMessage"]
    stood = iter(change.before.pictures)
    for part, receipts in amended(change, said, _messages):
        if part.call == "sendPoll":
            raise Rejected("nobody can change a poll of Telegram")
        for rank, (receipt, shown) in enumerate(zip(receipts, _shown(part), strict=True)):
            if shown is not None and str(next(stood).path) != shown:
                yield _replaced(receipt, part, shown, first=rank == 0)
            elif rank == 0:
                yield _edit(receipt, part.text, _words(part), part.parameters.get("reply_markup"))


def _shown(part: Part) -> list[str | None]:
    """The picture of each message that a part makes, None for one of words alone."""
    said: dict[str, Any] = dict(part.parameters)
    if part.call == "sendMediaGroup":
        return [item["media"]["path"] for item in said["media"]]
    return [said["photo"]["path"] if part.call == "sendPhoto" else None]


def _replaced(receipt: Receipt, part: Part, shown: str, *, first: bool) -> Part:
    """The words of an album stand under its first picture alone; a picture that is replaced needs its own again."""
    words = {"caption" if name == "text" else name: value for name, value in _words(part).items()} if first else {}
    media = {"type": "photo", "media": {"path": shown}} | words
    markup = part.parameters.get("reply_markup")
    keyboard = {} if markup is None else {"reply_markup": markup}
    text = part.text if first else ""
    parameters = _where(receipt) | {"media": media} | keyboard
    return Part(call="editMessageMedia", parameters=parameters, text=text, repeatable=True)


def _mark(change: Mark) -> tuple[Part, ...]:
    can = [receipt for receipt in change.receipts if receipt.call != "sendPoll"]
    if not can:
        raise Rejected("nobody can change a poll of Telegram")
    return tuple(_marked(receipt, change.post.text, first=rank == 0) for rank, receipt in enumerate(can))


def _marked(receipt: Receipt, words: RichText, *, first: bool) -> Part:
    said = words if first or receipt.call not in _CAPTIONED else RichText()
    return _edit(receipt, said.plain, {"text": html(said), "parse_mode": "HTML"}, None)


def _edit(receipt: Receipt, plain: str, words: dict[str, object], markup: object) -> Part:
    """``words`` are those of a message, by the names that a text has."""
    captioned = receipt.call in _CAPTIONED
    said = {"caption" if captioned and name == "text" else name: value for name, value in words.items()}
    keyboard = {} if markup is None else {"reply_markup": markup}
    call = "editMessageCaption" if captioned else "editMessageText"
    return Part(call=call, parameters=_where(receipt) | said | keyboard, text=plain, repeatable=True)


def _words(part: Part) -> dict[str, object]:
    said: dict[str, Any] = dict(part.parameters)
    if part.call == "sendMediaGroup":
        said = cast("Sequence[dict[str, Any]]", part.parameters["media"])[0]
    text = said.get("text", said.get("caption", ""))
    return {"text": text} | ({"parse_mode": said["parse_mode"]} if "parse_mode" in said else {})


def _messages(part: Part) -> int:
    return len(cast("Sequence[object]", part.parameters["media"])) if part.call == "sendMediaGroup" else 1


def _about(call: str, receipt: Receipt) -> Part:
    return Part(call=call, parameters=_where(receipt), text="", repeatable=True)


def _where(receipt: Receipt) -> dict[str, object]:
    return {"chat_id": receipt.address, "message_id": int(receipt.message)}
