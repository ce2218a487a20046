"""The adapter beyond the acceptance cases: what else goes wrong between a town and Telegram."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.telegram.adapter import TelegramAdapter
from core.delivery import Urgency
from core.errors import Rejected, Rival, Unauthorised, Unavailable, Uncertain
from core.events import Handle
from core.identifiers import Address, MessageId
from core.ports.platform import Cursor, Introduction, Platform
from core.post import Part, Picture, Post
from core.richtext import RichText
from sandbox.faults import Harm
from tests.adapters.telegram.conftest import (
    ACCOUNT,
    ANNE,
    CHANNEL,
    GROUP,
    TOKEN,
    Town,
    handle,
    picture,
    publish,
    text,
)
from tests.adapters.telegram.servers import ME, scripted

PLATFORM: type[Platform] = TelegramAdapter  # the type checker compares the adapter with the port
MARKED_AGAIN = Part(
    call="sendMessage", parameters={"chat_id": str(CHANNEL), "text": "<b>a", "parse_mode": "HTML"}, text="a"
)


def torn(field: str) -> dict[str, object]:
    """Parameters with a tag that is never closed."""
    return {"chat_id": str(CHANNEL), field: "<b>a", "parse_mode": "HTML"}


async def test_a_wrong_token_is_the_account_that_is_refused(connect: Callable[..., TelegramAdapter]) -> None:
    """Nothing can be done before the operator acts; the token itself is not in the sentence."""
    with pytest.raises(Unauthorised) as refused:
        await connect(token="1000001:a_token_that_nobody_has").open(Introduction(), known=None)

    assert "a_token" not in refused.value.detail


async def test_a_second_listener_is_a_rival(connect: Callable[..., TelegramAdapter]) -> None:
    """Both would take updates from each other for ever."""
    first, second = connect(long_poll=timedelta(seconds=20)), connect(long_poll=timedelta(seconds=20))
    for adapter in (first, second):
        await adapter.open(Introduction(), known=None)
    polls = [asyncio.ensure_future(adapter.fetch(None)) for adapter in (first, second)]
    done, waiting = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
    for poll in waiting:
        poll.cancel()

    with pytest.raises(Rival):
        done.pop().result()


async def test_an_interrupted_poll_is_tried_again_later(town: Town, adapter: TelegramAdapter) -> None:
    """Asking what happened does nothing: there is no doubt to keep."""
    town.misbehave(Harm.CUT_AFTER, "getUpdates")

    with pytest.raises(Unavailable):
        await adapter.fetch(None)


async def test_the_page_of_another_network_is_no_answer(town: Town, adapter: TelegramAdapter) -> None:
    """A captive portal says 200 to everything."""
    town.misbehave(Harm.CAPTIVE, "getUpdates")

    with pytest.raises(Unavailable):
        await adapter.fetch(None)


@pytest.mark.parametrize("harm", [Harm.CAPTIVE, Harm.HALF])
async def test_an_unreadable_answer_to_a_post_leaves_a_doubt(town: Town, adapter: TelegramAdapter, harm: Harm) -> None:
    """The post may be out."""
    town.misbehave(harm, "sendMessage")

    with pytest.raises(Uncertain):
        await publish(adapter, text("Bonjour"))


async def test_asking_from_a_place_confirms_what_is_before_it(town: Town, adapter: TelegramAdapter) -> None:
    """And asking without one confirms nothing."""
    town.world.start(ANNE)
    (first,) = await adapter.fetch(None)
    (again,) = await adapter.fetch(None)

    assert first == again
    assert list(await adapter.fetch(Cursor(first.number + 1))) == []


async def test_an_answer_in_a_group_names_what_it_answers(town: Town, adapter: TelegramAdapter) -> None:
    """In a crowd, nobody else would know."""
    number = town.world.write(ANNE, GROUP, "/help")

    await adapter.say(handle(GROUP, number), text("Voici"))

    assert town.messages(GROUP)[-1].reply_to == number


async def test_an_answer_in_private_needs_no_reply(town: Town, adapter: TelegramAdapter) -> None:
    """There are only two."""
    number = town.world.start(ANNE)

    await adapter.say(handle(ANNE, number), text("Bonjour"))

    assert town.messages(ANNE)[-1].reply_to is None


async def test_an_answer_to_a_message_that_is_gone_is_still_said(town: Town, adapter: TelegramAdapter) -> None:
    """People delete their questions."""
    await adapter.say(handle(GROUP, 999), text("Voici"))

    assert town.texts(GROUP) == ["Voici"]


async def test_an_answer_waits_when_told_to(town: Town, adapter: TelegramAdapter) -> None:
    """And is then said once."""
    town.world.start(ANNE)
    town.misbehave(Harm.FLOOD, "sendMessage", retry_after=3)

    await adapter.say(handle(ANNE), text("Bonjour"))

    assert town.texts(ANNE) == ["/start", "Bonjour"]


async def test_an_answer_said_in_part_is_not_to_be_repeated(town: Town, adapter: TelegramAdapter) -> None:
    """Whoever asked would read its beginning twice."""
    town.world.start(ANNE)
    town.misbehave(Harm.STATUS, "sendMessage", nth=2)

    with pytest.raises(Uncertain):
        await adapter.say(handle(ANNE), text("mot " * 1500))


async def test_nothing_is_said_or_shown_where_nobody_is(adapter: TelegramAdapter) -> None:
    """A button under a message shared elsewhere has no chat, a command no press."""
    nowhere = Handle(account=ACCOUNT, private=False)

    with pytest.raises(Rejected):
        await adapter.say(nowhere, text("Bonjour"))
    with pytest.raises(Rejected):
        await adapter.toast(nowhere, "Bonjour", alert=False)


async def test_a_bubble_that_fails_says_how(town: Town, adapter: TelegramAdapter) -> None:
    """The runner tells one lost connection, not each."""
    town.misbehave(Harm.STATUS, "answerCallbackQuery")

    with pytest.raises(Unavailable):
        await adapter.toast(handle(CHANNEL, 1, press="1"), "Oui", alert=False)


async def test_a_message_is_taken_out_of_the_chat(town: Town, adapter: TelegramAdapter) -> None:
    """And taking it out again is no error."""
    number = town.world.write(ANNE, GROUP, "zut")

    for _ in range(2):
        await adapter.remove(Address(str(GROUP)), MessageId(str(number)))

    assert town.texts(GROUP) == []


async def test_a_message_that_may_not_be_removed_is_told(town: Town, adapter: TelegramAdapter) -> None:
    """A human must then look."""
    town.world.promote(GROUP, int(TOKEN.partition(":")[0]), frozenset())
    number = town.world.write(ANNE, GROUP, "zut")

    with pytest.raises(Rejected):
        await adapter.remove(Address(str(GROUP)), MessageId(str(number)))


async def test_a_removal_whose_answer_was_lost_is_made_again(town: Town, adapter: TelegramAdapter) -> None:
    """It changes nothing the second time."""
    number = town.world.write(ANNE, GROUP, "zut")
    town.misbehave(Harm.CUT_AFTER, "deleteMessage")

    with pytest.raises(Unavailable):
        await adapter.remove(Address(str(GROUP)), MessageId(str(number)))


async def test_a_caption_is_changed_under_its_picture(town: Town, adapter: TelegramAdapter, tmp_path: Path) -> None:
    """Where the words stand."""
    image = Picture(picture(tmp_path), "Le pont")
    (receipt,) = await publish(adapter, Post(text=RichText.of("Avant"), pictures=(image,)))

    await adapter.edit(receipt, Post(text=RichText.of("Après"), pictures=(image,)))

    assert town.texts(CHANNEL) == ["Après\n\n[Le pont]"]


async def test_a_markup_that_telegram_cannot_read_costs_the_look_and_not_the_words(
    town: Town, adapter: TelegramAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    """The town's words matter more than their boldness; the log says that something is wrong."""
    caplog.set_level(logging.WARNING)

    await adapter.send(Part(call="sendMessage", parameters=torn("text"), text="a"), key="1", before=())

    assert town.texts(CHANNEL) == ["a"]
    assert "markup_refused" in caplog.text
    town.world.violations.clear()  # on purpose


async def test_a_torn_caption_costs_the_look_and_not_the_picture(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """The same for one picture and for an album."""
    photo = {"path": str(picture(tmp_path))}
    items = [
        {"type": "photo", "media": photo, "caption": "<b>a", "parse_mode": "HTML"},
        {"type": "photo", "media": photo},
    ]
    album: dict[str, object] = {"chat_id": str(CHANNEL), "media": items}

    await adapter.send(
        Part(call="sendPhoto", parameters=torn("caption") | {"photo": photo}, text="a"), key="1", before=()
    )
    await adapter.send(Part(call="sendMediaGroup", parameters=album, text="a"), key="2", before=())

    assert town.texts(CHANNEL) == ["a", "a", ""]
    town.world.violations.clear()  # on purpose


async def test_there_must_be_a_message_to_pin(adapter: TelegramAdapter) -> None:
    """A ledger that forgot its receipts is no reason to pin something else."""
    *_, pin = adapter.plan(Post(text=RichText.of("Bonjour"), pinned=True), Address(str(CHANNEL)))

    with pytest.raises(Rejected):
        await adapter.send(pin, key="1", before=())


async def test_a_part_whose_predecessor_is_unknown_is_sent_on_its_own(town: Town, adapter: TelegramAdapter) -> None:
    """A reply is a comfort, the words are what matters."""
    *_, last = adapter.plan(text("mot " * 1500), Address(str(CHANNEL)))

    await adapter.send(last, key="1", before=())

    assert town.messages(CHANNEL)[0].reply_to is None


async def test_a_webhook_is_removed_once_and_the_poll_comes_later(connect: Callable[..., TelegramAdapter]) -> None:
    """Another program may have left one; Telegram then gives no updates to anybody who asks."""
    conflict = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
    said = {"getMe": (200, ME), "getUpdates": (409, conflict), "deleteWebhook": (200, True)}
    async with scripted(said) as (url, asked):
        adapter = connect(base_url=url, discussions=())
        await adapter.open(Introduction(), known=None)
        with pytest.raises(Unavailable, match="webhook"):
            await adapter.fetch(None)

    assert asked == ["getMe", "getUpdates", "deleteWebhook"]


async def test_an_answer_about_ourselves_that_cannot_be_read_is_asked_for_again(
    connect: Callable[..., TelegramAdapter],
) -> None:
    """A server of another time; asking did nothing."""
    async with scripted({"getMe": (200, {"id": 1})}) as (url, _):
        with pytest.raises(Unavailable):
            await connect(base_url=url).open(Introduction(), known=None)


async def test_an_account_says_what_it_is(adapter: TelegramAdapter) -> None:
    """Nothing above asks which network it is; this is for the operator and the templates."""
    assert (adapter.name, adapter.account) == ("telegram", ACCOUNT)
    assert adapter.capabilities.longest_text == 4096


async def test_a_picture_that_telegram_has_forgotten_goes_up_again(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """The names it gives are not promised for ever."""
    post = Post(text=RichText.of("Pont"), pictures=(Picture(picture(tmp_path), "Le pont"),))
    await publish(adapter, post)
    town.world.photos.clear()

    await publish(adapter, post)

    assert len(town.messages(CHANNEL)) == 2


async def test_a_picture_that_cannot_be_read_is_refused(adapter: TelegramAdapter, tmp_path: Path) -> None:
    """Nothing was sent, and sending again would not help."""
    post = Post(text=RichText.of("Pont"), pictures=(Picture(tmp_path / "lost.png", "Le pont"),))

    with pytest.raises(Rejected, match=r"lost\.png"):
        await publish(adapter, post)


async def test_two_chats_that_need_one_picture_at_once_send_it_up_once(
    town: Town, adapter: TelegramAdapter, tmp_path: Path
) -> None:
    """The second waits for the name the first is given."""
    post = Post(text=RichText.of("Pont"), pictures=(Picture(picture(tmp_path), "Le pont"),))

    await asyncio.gather(publish(adapter, post), publish(adapter, post, chat=GROUP))

    assert sum(any(name.startswith("file:") for name in sent) for sent in town.parameters("sendPhoto")) == 1


async def test_a_chat_called_by_name_is_the_same_chat(town: Town, adapter: TelegramAdapter) -> None:
    """Updates and receipts call it by its number, and its pace is one."""
    assert await adapter.resolve(Address("@ville")) == str(CHANNEL)
    assert await adapter.resolve(Address(str(GROUP))) == str(GROUP)
    assert [asked["chat_id"] for asked in town.parameters("getChat")].count("@ville") == 1


async def test_the_number_of_a_chat_is_learnt_from_what_was_sent_there(town: Town, adapter: TelegramAdapter) -> None:
    """No question is needed for it."""
    (part,) = adapter.plan(text("Bonjour"), Address("@ville"))

    await adapter.send(part, key="1", before=())

    assert await adapter.resolve(Address("@ville")) == str(CHANNEL)
    assert "@ville" not in [asked["chat_id"] for asked in town.parameters("getChat")]


async def test_a_chat_that_nobody_knows_is_told(adapter: TelegramAdapter) -> None:
    """The operator mistyped it."""
    with pytest.raises(Rejected):
        await adapter.resolve(Address("@nobody_here"))


async def test_a_poll_is_rest(town: Town, connect: Callable[..., TelegramAdapter]) -> None:
    """The demonstration's clock may leap while nothing happens."""
    adapter = connect(long_poll=timedelta(seconds=20))
    await adapter.open(Introduction(), known=None)
    before = town.server.activity
    poll = asyncio.ensure_future(adapter.fetch(None))
    while town.server.activity == before:  # noqa: ASYNC110  the imitation announces no poll
        await asyncio.sleep(0)

    assert not adapter.busy
    poll.cancel()


async def test_a_turn_is_work(adapter: TelegramAdapter) -> None:
    """It must not leap over a call that is about to be made."""
    async with adapter.turn(Address(str(CHANNEL)), Urgency.ANSWER):
        assert adapter.busy
