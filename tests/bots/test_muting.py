"""Somebody is muted where the network has no mute that fits: heard, and not taken into the debate."""

from datetime import timedelta

from core.ports.moderator import NO_POWERS, Powers
from core.sanction import SanctionKind
from tests.bots.moderators import AUTHOR, NAMED, SECOND, said_by, told
from tests.bots.test_replies import publish
from tests.bots.town import BLAISE, Stage, writes

BY_HAND = Powers(kinds=frozenset(), by_hand=frozenset({SanctionKind.MUTE}))


async def muted(powers: Powers) -> Stage:
    """A town in which a moderator has just muted somebody for an hour."""
    stage = Stage(staff=NAMED, powers=powers)
    await stage.look(publish)
    await told(stage, "/mute 1h 2", answering=said_by())
    return stage


async def said(stage: Stage) -> list[str]:
    """What was taken into the debate."""
    return [each.text for each in await stage.look(lambda books: books.replies.all())]


async def test_what_somebody_writes_who_is_muted_is_not_taken_into_the_debate() -> None:
    """Others are heard, and they themselves when it is over."""
    stage = await muted(BY_HAND)
    await stage.hears(writes(AUTHOR, "Encore moi", message="80", answers="55"))
    await stage.hears(writes(BLAISE, "Bonjour", message="81", answers="55"))
    stage.clock.advance(timedelta(hours=1))
    await stage.hears(writes(AUTHOR, "Pardon", message="82", answers="55"))

    assert sorted(await said(stage)) == ["Bonjour", "Pardon"]


async def test_a_mute_that_was_lifted_keeps_nobody_out() -> None:
    """From that moment on."""
    stage = await muted(BY_HAND)
    await told(stage, "/unmute 1", person=SECOND)
    await stage.hears(writes(AUTHOR, "Merci", message="80", answers="55"))

    assert await said(stage) == ["Merci"]


async def test_a_mute_that_the_network_keeps_is_its_own_matter() -> None:
    """What comes through all the same was written before."""
    stage = await muted(NO_POWERS)
    await stage.hears(writes(AUTHOR, "Avant", message="80", answers="55"))

    assert await said(stage) == ["Avant"]
