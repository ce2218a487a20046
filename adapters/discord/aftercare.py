"""What is done to messages that are out, as calls of Discord: pure, so that what is previewed is what is done.

| wish      | calls                                                                                             |
|-----------|---------------------------------------------------------------------------------------------------|
| amend     | ``PATCH`` of each message; servers that follow the channel get it too. Where a picture or what    |
|           | it shows is another, all pictures of the message are sent anew                                    |
| mark      | the same, without buttons and files; a poll of Discord stays, none can change it                  |
| take back | ``DELETE`` of each; what people wrote in its thread stays, and so does the name of a conversation |
| unpin     | ``DELETE …/messages/pins/…`` of the first; a forum pins none of its posts                         |

Parameters are the body of the call, and where it is made: ``channel`` and ``message``; ``files`` as in ``outbound``.
"""

from collections.abc import Iterator
from typing import Any

from adapters.discord import outbound
from adapters.discord.grounds import Ground
from core.changes import Amend, Change, Mark, TakeBack, Unpin, amended
from core.errors import Rejected
from core.post import Part, Post, Receipt

EDIT, DELETE, UNPIN = "edit", "delete", "unpin"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
CALLS = {
    EDIT: ("PATCH", MESSAGE),
    DELETE: ("DELETE", MESSAGE),
    UNPIN: ("DELETE", "/channels/{channel_id}/messages/pins/{message_id}"),
}
_FIXED = "nobody can change a poll of Discord"


def calls(change: Change, ground: Ground) -> tuple[Part, ...]:
    """The calls, in order. Raises Rejected when it cannot be done."""
    match change:
        case Amend():
            return tuple(_amendment(change, ground))
        case Mark():
            return _mark(change)
        case TakeBack(receipts=receipts):
            return tuple(_about(DELETE, each) for each in receipts)
        case Unpin(receipts=receipts):
            return () if ground.forum else tuple(_about(UNPIN, each) for each in receipts[:1])


def _amendment(change: Amend, ground: Ground) -> Iterator[Part]:
    said, stood = _said(change.after, change, ground), _said(change.before, change, ground)
    shown = [part.parameters.get("files", []) for part in stood]
    for rank, (part, (receipt,)) in enumerate(amended(change, said, lambda _part: 1)):
        if "poll" in part.parameters:
            raise Rejected(_FIXED)
        body = {"content": part.parameters.get("content", ""), "components": part.parameters.get("components", [])}
        files = part.parameters.get("files", [])
        if [files] != shown[rank : rank + 1]:
            body |= {"files": files} if files else {"attachments": []}
        yield _edit(receipt, part.text, body)


def _said(post: Post, change: Amend, ground: Ground) -> list[Part]:
    parts = outbound.parts(post, change.receipts[0].address, ground)
    return [part for part in parts if part.call in outbound.MESSAGES]


def _mark(change: Mark) -> tuple[Part, ...]:
    can = [receipt for receipt in change.receipts if receipt.poll is None]
    if not can:
        raise Rejected(_FIXED)
    body = outbound.change(change.post)
    return tuple(_edit(receipt, change.post.text.plain, {**body, "attachments": []}) for receipt in can)


def _edit(receipt: Receipt, text: str, body: dict[str, Any]) -> Part:
    said = {**body, "allowed_mentions": outbound.NOBODY}
    return Part(call=EDIT, parameters=_where(receipt) | said, text=text, repeatable=True)


def _about(call: str, receipt: Receipt) -> Part:
    return Part(call=call, parameters=_where(receipt), text="", repeatable=True)


def _where(receipt: Receipt) -> dict[str, object]:
    return {"channel": receipt.address, "message": receipt.message}
