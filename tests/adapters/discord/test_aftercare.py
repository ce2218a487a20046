"""What is done to messages that are out, on Discord."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.discord.aftercare import calls
from adapters.discord.grounds import Ground
from core.changes import Amend, Mark, TakeBack, Unpin
from core.errors import Rejected
from core.identifiers import Address, MessageId, NativePollId
from core.native import NativeBallot
from core.post import Picture, Post, Receipt
from core.richtext import RichText
from sandbox.faults import Harm
from tests.adapters.discord.conftest import FORUM, HERE, NOON, SQUARE, Town, picture, publish, text

_FORUM = Address(str(FORUM))
POLL = Receipt(address=HERE, message=MessageId("7"), call="message", poll=NativePollId("7"))


def test_a_poll_of_discord_is_neither_amended_nor_marked() -> None:
    """Discord changes nobody's poll."""
    ballot = NativeBallot(question="Un pont ?", options=("Oui", "Non"), several=False, closes_at=NOON, hides=False)
    asked = Post(text=RichText.of("Répondez"), poll=ballot)

    with pytest.raises(Rejected):
        calls(Amend(receipts=(POLL,), before=asked, after=asked), Ground())
    with pytest.raises(Rejected):
        calls(Mark(receipts=(POLL,), post=text("Retiré")), Ground())


async def test_an_erratum_in_a_forum_stands_in_its_conversation(town: Town) -> None:
    """It begins no other one, and links to its place."""
    async with town.connected(channels={_FORUM: ("Travaux",)}) as adapter:
        first, *_ = await publish(adapter, text("Le pont ouvre mardi"), _FORUM)
        reply = replace(text("Erratum : jeudi"), answers=first.message)
        (part,) = adapter.plan(reply, _FORUM)

        (receipt,) = await adapter.send(part, key="8:0", before=())

    assert town.words(int(first.message))[-1] == "Erratum : jeudi"
    assert len(town.calls("create_thread", "done")) == 1
    assert receipt.message == f"{first.message}/{receipt.message.rpartition('/')[2]}"
    assert receipt.link.endswith(f"/{first.message}/{receipt.message.rpartition('/')[2]}")


async def test_a_post_of_a_forum_is_amended_and_taken_back_and_pins_nothing(town: Town) -> None:
    """What people wrote under it stays."""
    async with town.connected(channels={_FORUM: ("Travaux",)}) as adapter:
        receipts = tuple(await publish(adapter, text("Le pont ouvre mardi"), _FORUM))
        wish = Amend(receipts=receipts, before=text("Le pont ouvre mardi"), after=text("Le pont ouvre jeudi"))
        for part in adapter.plan_change(wish):
            await adapter.change(part)
        amended = town.words(int(receipts[0].message))
        for part in adapter.plan_change(TakeBack(receipts=receipts)):
            await adapter.change(part)
        unpinned = adapter.plan_change(Unpin(receipts=receipts))

    assert (amended[0], town.words(int(receipts[0].message)), unpinned) == ("Le pont ouvre jeudi", [], ())


async def test_a_change_whose_answer_is_lost_ends_well(town: Town) -> None:
    """The library makes the call again, which then finds nothing to do."""
    async with town.connected(channels={HERE: ()}) as adapter:
        receipts = tuple(await publish(adapter, text("Marché mardi")))
        (part,) = adapter.plan_change(TakeBack(receipts=receipts))
        town.harm(Harm.CUT_AFTER, "delete_message")

        await adapter.change(part)

    assert (town.words(), len(town.calls("delete_message"))) == ([], 2)


async def test_another_picture_or_description_is_sent_in_place_of_what_stands(town: Town, tmp_path: Path) -> None:
    """What stays as it is is not sent again."""
    files = [picture(tmp_path, name) for name in ("a.png", "b.png", "c.png")]
    shown = [Picture(file, "Un pont") for file in files]
    posts = [
        replace(text("Pont"), pictures=pictures)
        for pictures in ((shown[0],), (replace(shown[0], alt="Le pont"),), (shown[1], shown[2]), ())
    ]
    async with town.connected(channels={HERE: ()}) as adapter:
        receipts = tuple(await publish(adapter, posts[0]))
        seen = [_attached(town)]
        for before, after in pairwise(posts):
            (part,) = adapter.plan_change(Amend(receipts=receipts, before=before, after=after))
            await adapter.change(part)
            seen.append(_attached(town))
        (part,) = adapter.plan_change(Amend(receipts=receipts, before=posts[0], after=posts[0]))

    assert seen == [[("a.png", "Un pont")], [("a.png", "Le pont")], [("b.png", "Un pont"), ("c.png", "Un pont")], []]
    assert not {"files", "attachments"} & set(part.parameters)


def _attached(town: Town) -> list[tuple[str, str | None]]:
    (message,) = town.world.channels[SQUARE].messages.values()
    return [(each.filename, each.description) for each in message.attachments]
