"""A citizen asks for the town's news in private, votes there, and leaves."""

from tests.journeys.people import Citizen
from tests.journeys.town import HALLE, Town


async def test_a_subscriber_reads_the_campaign_in_their_language_and_votes_in_either_place(
    town: Town, ben: Citizen
) -> None:
    """The channel speaks French; Ben reads English. In private or under the post, his last press counts."""
    await ben.writes("/subscribe")
    await town.officer.starts(HALLE)
    await town.waits(hours=1)
    announcement, poll = ben.letters[1:]

    in_private = await ben.presses("A café", under=poll)
    in_public = await ben.presses("Des salles", under=town.published("À quoi doit servir"))

    assert announcement.text.startswith("What shall we do with the old market hall?")
    assert "[Drawing of the old market hall:" in announcement.text
    assert "Telegram sees your choice." in in_private.text
    assert in_public.text == "Counted: “Rooms for clubs and societies”. You can still change your mind."
    assert (await town.officer.tally("halle_usage")).counts == (0, 1, 0, 0)


async def test_stop_is_the_last_word(town: Town, anne: Citizen) -> None:
    """Nothing more comes, not even what was on its way."""
    await anne.writes("/subscribe")
    await town.officer.starts(HALLE)
    answer = await anne.writes("/stop")

    await town.waits(days=4)

    assert anne.reads() == answer
    assert answer.startswith("C’est noté. Vous ne recevrez plus les nouvelles ici. Vous pouvez toujours voter.")


async def test_who_blocks_the_bot_is_left_alone_and_disturbs_nobody(town: Town, anne: Citizen, ben: Citizen) -> None:
    """Blocking is how most people say stop."""
    for citizen in (anne, ben):
        await citizen.writes("/subscribe")
    await anne.blocks()

    await town.officer.starts(HALLE)
    await town.waits(hours=1)

    assert (len(anne.letters), len(ben.letters)) == (1, 3)
    assert {delivery.state for delivery in await town.officer.deliveries()} == {"sent"}
