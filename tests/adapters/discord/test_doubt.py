"""An answer that leaves open whether something was posted: discord.py asks again, and shows the last answer only."""

from typing import Any

import pytest

from adapters.discord.adapter import DiscordAdapter
from core.errors import Uncertain
from core.identifiers import Address
from sandbox.faults import Harm
from tests.adapters.discord.conftest import FORUM, HERE, Town, send, text


async def test_a_conversation_in_doubt_is_not_begun_again_at_once(town: Town) -> None:
    """No nonce guards it: whether it is out must be looked at first."""
    forum = Address(str(FORUM))
    async with town.connected(channels={forum: ("Travaux",)}) as adapter:
        (part,) = adapter.plan(text("Le pont"), forum)
        town.harm(Harm.STATUS, "create_thread", status=502)

        with pytest.raises(Uncertain):
            await send(adapter, part)

    assert len(town.calls("create_thread")) == 1


@pytest.mark.parametrize(
    ("harm", "told"),
    [(Harm.FLOOD, {"retry_after": 3000}), (Harm.REFUSED, {"status": 400})],
    ids=["told to wait", "refused"],
)
async def test_a_refusal_after_a_doubt_does_not_say_that_nothing_is_out(
    town: Town, adapter: DiscordAdapter, harm: Harm, told: dict[str, Any]
) -> None:
    """Sent again an hour later, when no nonce is known any more, it would be out twice."""
    part = adapter.plan(text("mot"), HERE)[0]
    town.harm(Harm.STATUS, status=502)
    town.harm(harm, nth=2, **told)

    with pytest.raises(Uncertain):
        await send(adapter, part)


async def test_a_message_in_doubt_is_asked_for_again_with_its_nonce(town: Town, adapter: DiscordAdapter) -> None:
    """Discord knows it by that, and a person is not left without an answer."""
    part = adapter.plan(text("mot"), HERE)[0]
    town.harm(Harm.STATUS, status=502)

    await send(adapter, part)

    first, second = town.calls("create_message")
    assert first["parameters"]["nonce"] == second["parameters"]["nonce"]
