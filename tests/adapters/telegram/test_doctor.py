"""What the operator is told before people depend on an account."""

from collections.abc import Callable

from adapters.telegram.adapter import TelegramAdapter
from core.identifiers import Address
from sandbox.faults import Harm
from sandbox.telegram.values import Chat, Member
from tests.adapters.telegram.conftest import BOT, CHANNEL, GROUP, Town
from tests.adapters.telegram.servers import ME, scripted


async def troubles(adapter: TelegramAdapter, *chats: int) -> dict[str, str]:
    """What is wrong, and its cure."""
    found = await adapter.check([Address(str(chat)) for chat in chats])
    return {finding.detail: finding.cure for finding in found if not finding.ok}


async def test_an_account_with_all_its_rights_is_well(adapter: TelegramAdapter) -> None:
    """Nothing to cure."""
    assert await troubles(adapter, CHANNEL, GROUP) == {}


async def test_each_finding_names_the_chat_as_people_do(adapter: TelegramAdapter) -> None:
    """A number alone says nothing to an operator."""
    findings = await adapter.check([Address(str(GROUP))])

    assert findings[-2].subject == f"Ville, la place ({GROUP})"


async def test_a_wrong_token_is_the_only_finding(connect: Callable[..., TelegramAdapter]) -> None:
    """Nothing else can be asked; the cure says whom to ask."""
    (finding,) = await connect(token="1000001:a_token_that_nobody_has").check([Address(str(GROUP))])

    assert "@BotFather" in finding.cure


async def test_a_server_out_of_reach_is_the_only_finding(connect: Callable[..., TelegramAdapter]) -> None:
    """The cure is another: the network."""
    (finding,) = await connect(base_url="http://127.0.0.1:1").check([Address(str(GROUP))])

    assert "base_url" in finding.cure


async def test_a_missing_right_is_named_by_its_purpose(town: Town, adapter: TelegramAdapter) -> None:
    """Not by the name of a parameter."""
    town.world.promote(GROUP, BOT, frozenset({"can_pin_messages"}))

    assert list(await troubles(adapter, GROUP)) == [
        "the bot may not remove messages that break the charter",
        "the bot may not mute, ban or lock",
    ]


async def test_what_keeps_measures_from_being_carried_out_is_found(town: Town, adapter: TelegramAdapter) -> None:
    """It keeps nothing from being published; each has its cure."""
    findings = await adapter.check([Address(str(CHANNEL)), Address(str(GROUP))])
    well = [(each.subject, each.ok) for each in findings if each.subject.startswith("moderation")]
    town.world.chat(GROUP).kind = "group"
    (small,) = [each for each in await adapter.check([Address(str(GROUP))]) if not each.ok]
    town.world.chat(GROUP).kind = "supergroup"
    town.world.promote(GROUP, BOT, frozenset({"can_delete_messages", "can_pin_messages"}))
    (unable,) = [each for each in await adapter.check([Address(str(GROUP))]) if not each.ok]

    assert well == [(f"moderation of Ville, la place ({GROUP})", True)]
    assert ("supergroup" in small.cure, small.stops) == (True, False)
    assert ("«Ban users»" in unable.cure, unable.stops) == (True, False)


async def test_a_bot_that_is_no_administrator_sees_commands_only(town: Town, adapter: TelegramAdapter) -> None:
    """Privacy mode is on unless somebody turned it off."""
    town.world.chat(GROUP).members[BOT] = Member(user=BOT)

    assert list(await troubles(adapter, GROUP)) == [
        "not an administrator: it sees commands only",
        "the bot may not mute, ban or lock",
    ]


async def test_a_chat_the_bot_is_not_in_says_what_to_do(town: Town, adapter: TelegramAdapter) -> None:
    """Add it."""
    town.world.add_chat(Chat(id=-1009, kind="supergroup", title="Ailleurs"))

    (cure,) = (await troubles(adapter, -1009)).values()

    assert "add @ville_bot" in cure


async def test_a_webhook_that_cannot_be_asked_about_leaves_the_rest_checked(
    town: Town, adapter: TelegramAdapter
) -> None:
    """One failed question is one finding."""
    town.misbehave(Harm.STATUS, "getWebhookInfo")

    assert list(await troubles(adapter, CHANNEL)) == ["the server answered 502"]


async def test_a_webhook_and_an_old_server_are_told(connect: Callable[..., TelegramAdapter]) -> None:
    """Each with its cure."""
    webhook = {"url": "https://elsewhere.example", "has_custom_certificate": False, "pending_update_count": 0}
    async with scripted({"getMe": (200, ME), "getWebhookInfo": (200, webhook)}) as (url, _):
        told = await troubles(connect(base_url=url))

    assert list(told) == ["a webhook is set: updates go elsewhere", "older than Bot API 9.6"]


async def test_an_answer_that_cannot_be_read_is_a_finding(connect: Callable[..., TelegramAdapter]) -> None:
    """The check itself must not fail."""
    async with scripted({"getMe": (200, {"id": 1})}) as (url, _):
        (finding,) = await connect(base_url=url).check([])

    assert not finding.ok


async def test_an_owner_has_every_right(town: Town, adapter: TelegramAdapter) -> None:
    """Nothing needs to be given to whoever gives."""
    town.world.chat(GROUP).members[BOT] = Member(user=BOT, status="creator")

    assert await troubles(adapter, GROUP) == {}
