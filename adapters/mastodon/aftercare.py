"""What is done to posts that are out, as calls: pure, so that what is previewed is what is done.

| wish      | calls                                                                                          |
|-----------|------------------------------------------------------------------------------------------------|
| amend     | ``PUT /api/v1/statuses/…`` of each post, with all else that stands there; a picture that is     |
|           | another, or is described otherwise, is sent anew                                               |
| mark      | the same words in each post; pictures, and the votes of a poll, stay                           |
| take back | ``DELETE /api/v1/statuses/…``, the last of a thread first; the server allows 30 in half an hour |
| unpin     | ``POST …/unpin`` of the first                                                                  |
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from adapters.mastodon import outbound
from adapters.mastodon.limits import Limits
from core.changes import Amend, Change, Mark, TakeBack, Unpin, amended
from core.errors import Rejected
from core.post import Part, Post, Receipt

EDIT, DELETE, UNPIN = "edit", "delete", "unpin"


def calls(change: Change, limits: Limits) -> tuple[Part, ...]:
    """The calls, in order. Raises Rejected when it cannot be done."""
    match change:
        case Amend():
            return tuple(_amendment(change, limits))
        case Mark(receipts=receipts):
            (said, *_) = outbound.parts(change.post, receipts[0].address, limits)
            return tuple(_edit(each, said) for each in receipts)
        case TakeBack(receipts=receipts):
            return tuple(_about(DELETE, each) for each in reversed(receipts))
        case Unpin(receipts=receipts):
            return tuple(_about(UNPIN, each) for each in receipts[:1])


def _amendment(change: Amend, limits: Limits) -> Iterator[Part]:
    said, stood = _said(change.after, change, limits), _said(change.before, change, limits)
    shown = [part.parameters.get("pictures", []) for part in stood]
    for rank, (part, (receipt,)) in enumerate(amended(change, said, lambda _part: 1)):
        if "poll" in part.parameters:
            raise Rejected("what a poll asks is not changed: its votes would be lost")
        before, after = shown[rank] if rank < len(shown) else [], part.parameters.get("pictures", [])
        yield _edit(receipt, part, pictures={"pictures": after, "shown": before} if after != before else {})


def _said(post: Post, change: Amend, limits: Limits) -> list[Part]:
    parts = outbound.parts(post, change.receipts[0].address, limits)
    return [part for part in parts if part.call == outbound.POST]


def _edit(receipt: Receipt, said: Part, *, pictures: Mapping[str, object] = MappingProxyType({})) -> Part:
    """``pictures`` are those it is to have, and those it was ``shown`` with before."""
    kept = {name: said.parameters[name] for name in ("status", "language") if name in said.parameters} | {**pictures}
    return Part(call=EDIT, parameters={"message": receipt.message, **kept}, text=said.text, repeatable=True)


def _about(call: str, receipt: Receipt) -> Part:
    return Part(call=call, parameters={"message": receipt.message}, text="", repeatable=True)
