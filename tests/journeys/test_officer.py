"""An officer follows and stops a campaign, and settles what no rule can settle."""

import pytest

from core.delivery import DeliveryState
from sandbox.faults import Fault, Harm
from sandbox.telegram.values import Message
from tests.journeys.people import Citizen
from tests.journeys.town import FETE, HALLE, Town


async def test_a_cancelled_campaign_says_nothing_more(town: Town, halle: Message, anne: Citizen) -> None:
    """Its poll is over at once: no button is left, and no result comes, neither now nor later."""
    await anne.presses("Un café", under=halle)
    known = len(town.posts())

    assert await town.officer.cancels("halle")
    await town.waits(days=5)

    assert (len(town.posts()), town.labels(halle)) == (known, [])
    assert "On ne peut plus voter." in town.shown(halle)
    assert "%" not in town.shown(halle)


async def test_a_failed_delivery_says_why_and_goes_out_once_cured(town: Town) -> None:
    """Somebody took the bot's rights in the channel away."""
    town.world.promote(town.place.id, town.stage.town.bot, rights=frozenset())
    await town.officer.starts(FETE)
    (failed,) = await town.officer.deliveries(DeliveryState.FAILED)

    town.world.promote(town.place.id, town.stage.town.bot)
    settled = await town.officer.sends_again(failed.id)

    assert failed.note == "Rejected: Need administrator rights in the channel chat"
    assert (settled, len(town.posts())) == (True, 1)
    assert await town.officer.deliveries(DeliveryState.FAILED) == ()


@pytest.mark.parametrize("harm", [Harm.CUT_AFTER, Harm.CUT_BEFORE], ids=["it is out", "it is not"])
async def test_what_nobody_knows_is_shown_and_waits_for_a_human(town: Town, harm: Harm) -> None:
    """The answer of Telegram was lost. Hours later nothing was sent again; the officer looks, and says what is so."""
    town.stage.server.faults.add(Fault(harm=harm, method="sendMessage"))
    await town.officer.starts(FETE)
    await town.waits(hours=5)
    (uncertain,) = await town.officer.deliveries(DeliveryState.UNCERTAIN)
    seen = len(town.posts())

    settle = town.officer.says_it_is_out if seen else town.officer.sends_again
    assert await settle(uncertain.id)

    assert seen == (harm is Harm.CUT_AFTER)
    assert len(town.posts()) == 1
    assert {delivery.state for delivery in await town.officer.deliveries()} == {DeliveryState.SENT}


async def test_an_announcement_in_doubt_that_is_out_is_settled_whole(town: Town) -> None:
    """Its pin comes after the part in doubt, and nobody knows what to pin: that must not look like a failure."""
    town.stage.server.faults.add(Fault(harm=Harm.CUT_AFTER, method="sendPhoto"))
    await town.officer.starts(HALLE)
    (uncertain,) = await town.officer.deliveries(DeliveryState.UNCERTAIN)

    await town.officer.says_it_is_out(uncertain.id)

    assert len(town.posts()) == 1
    assert {delivery.state for delivery in await town.officer.deliveries()} == {DeliveryState.SENT}
