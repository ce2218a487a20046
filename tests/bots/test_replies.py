"""Collecting what citizens answer."""

from dataclasses import replace

import pytest

from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState, Urgency, claimed, completed, progressed
from core.identifiers import DeliveryId, MessageId
from core.messages import ResultsPublished
from core.poll import Tally
from core.ports.store import Books
from core.post import Receipt
from core.reply import Reply
from tests.bots.town import ALIX, BLAISE, CHANNEL, DEBATES, Stage, poll, writes
from tests.fakes import ACCOUNT, NOON


def publish(books: Books) -> None:
    """A post stands in the channel as 1001 and, copied, in the discussion group as 55."""
    books.deliveries.plan(
        occurrence=None,
        message=ResultsPublished(poll=poll(), tally=Tally(counts=(0, 0, 0), voters=0)),
        recipients=[(ACCOUNT, Recipient(RecipientKind.CHANNEL, "place"))],
        urgency=Urgency.CAMPAIGN,
        due_at=NOON,
        expires_at=NOON.replace(hour=23),
    )
    (planned,) = books.deliveries.claimable(ACCOUNT, at=NOON, limit=1)
    sending = claimed(planned, NOON)
    books.deliveries.save(sending, expected=DeliveryState.PLANNED)
    out = completed(progressed(sending, Receipt(address=CHANNEL, message=MessageId("1001"), call="text")))
    books.deliveries.save(replace(out), expected=DeliveryState.SENDING, claimed_at=NOON)
    books.deliveries.mirror(channel=CHANNEL, post=MessageId("1001"), group=DEBATES, message=MessageId("55"))


@pytest.fixture
async def published(stage: Stage) -> Stage:
    """The town has published something."""
    await stage.look(publish)
    return stage


async def replies(stage: Stage) -> tuple[Reply, ...]:
    """What is stored."""
    return await stage.look(lambda books: books.replies.all())


async def test_an_answer_to_a_post_is_stored_unnamed(published: Stage) -> None:
    """The town reads what is said, not who says it."""
    await published.hears(writes(ALIX, "Merci\x00 !", answers="55"))

    (reply,) = await replies(published)
    assert (reply.about, reply.text, reply.author) == (DeliveryId(1), "Merci\ufffd !", published.vault.blind(ALIX.ref))


async def test_an_answer_to_an_answer_is_about_the_post_that_began_it(published: Stage) -> None:
    """A thread stays with its post."""
    await published.hears(writes(BLAISE, "Tout à fait", answers="70", thread="55", message="71"))

    assert [reply.about for reply in await replies(published)] == [DeliveryId(1)]


async def test_a_rewritten_answer_replaces_what_it_said(published: Stage) -> None:
    """The citizen's last word counts."""
    await published.hears(writes(ALIX, "Mersi", answers="55"))
    await published.hears(writes(ALIX, "Merci", answers="55", edited=True))

    assert [reply.text for reply in await replies(published)] == ["Merci"]


async def test_an_answer_is_kept_while_nobody_knows_who_is_official(published: Stage) -> None:
    """A citizen's words are not lost because a question to the platform failed."""
    await published.hears(writes(ALIX, "Merci", answers="55", official=None))

    assert [reply.text for reply in await replies(published)] == ["Merci"]


async def test_the_towns_own_voice_is_no_reply(published: Stage) -> None:
    """Officials answer citizens, they do not write to themselves."""
    await published.hears(writes(ALIX, "Voici le plan", answers="55", official=True))

    assert await replies(published) == ()
