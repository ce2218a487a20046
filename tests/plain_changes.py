"""The calls that the fake network takes for what is done to messages that are out: «edit», «delete», «unpin»."""

from collections.abc import Callable, Sequence

from core.changes import Amend, Change, Mark, TakeBack, Unpin, amended
from core.identifiers import Address
from core.post import Part, Post, Receipt


def plainly_planned(change: Change, plan: Callable[[Post, Address], Sequence[Part]]) -> tuple[Part, ...]:
    """One call for each message; an unpin is about the first."""
    match change:
        case Amend(after=after, receipts=receipts):
            said = [part for part in plan(after, receipts[0].address) if part.call != "pin"]
            return tuple(_about("edit", one, part.text) for part, (one,) in amended(change, said, lambda _part: 1))
        case Mark(receipts=receipts, post=post):
            return tuple(_about("edit", each, post.text.plain) for each in receipts)
        case TakeBack(receipts=receipts):
            return tuple(_about("delete", each) for each in receipts)
        case Unpin(receipts=receipts):
            return tuple(_about("unpin", each) for each in receipts[:1])


def _about(call: str, receipt: Receipt, text: str = "") -> Part:
    where = {"address": receipt.address, "message": receipt.message}
    return Part(call=call, parameters=where, text=text, repeatable=True)
