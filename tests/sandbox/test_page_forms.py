"""What a visitor does on the chat page: everything a phone does, by plain forms; and what hostile people try."""

import asyncio
import html
import json
import re
from datetime import timedelta

from aiohttp import StreamReader

from sandbox.telegram.marked import marked
from sandbox.telegram.values import Json
from tests.sandbox.visitor import NINE, Visitor

# ── doing ──


async def test_a_press_reaches_the_bot_and_its_answer_is_shown(visitor: Visitor) -> None:
    """A vote, without a script."""
    message = await visitor.asks()

    async with asyncio.TaskGroup() as both:
        both.create_task(visitor.does("press", message=message, data="v1:val_pont:1"))
        both.create_task(visitor.answers("Votre vote est compté : Gué."))

    (press,) = visitor.stage.journal.of("press")
    assert (press["user"], press["label"]) == (visitor.me.id, "Gué")
    assert "Votre vote est compté : Gué." in visitor.seen


async def test_the_page_that_was_opened_without_naming_a_chat_can_be_used_at_once(visitor: Visitor) -> None:
    """Its forms name the chat that is shown."""
    await visitor.asks()

    page = await visitor.looks(telegram="")

    assert f"&amp;telegram={visitor.stage.town.channel}" in page


async def test_an_answer_is_not_shown_to_somebody_else(visitor: Visitor) -> None:
    """A toast is personal, also by its address."""
    message = await visitor.asks()
    async with asyncio.TaskGroup() as both:
        both.create_task(visitor.does("press", message=message, data="v1:val_pont:1"))
        both.create_task(visitor.answers("Rien que pour vous"))

    page = await visitor.looks(who=visitor.stage.people[1].id, toast=visitor.where["toast"][0])

    assert "Rien que pour vous" not in page


async def test_a_button_that_is_gone_is_said_to_be_gone(visitor: Visitor) -> None:
    """The page may be older than the world."""
    message = await visitor.asks()

    await visitor.does("press", message=message, data="v1:val_pont:7")

    assert "Ce n’est plus possible" in visitor.seen


async def test_a_citizen_replies_on_the_square(visitor: Visitor) -> None:
    """As any member does."""
    await visitor.asks()
    mirror = max(visitor.square)
    visitor.chat = visitor.stage.town.group

    await visitor.does("write", text="Le gué !", reply=mirror)

    said = visitor.square[max(visitor.square)]
    assert (said.text, said.reply_to, said.author) == ("Le gué !", mirror, visitor.me.id)


async def test_an_empty_message_is_not_sent(visitor: Visitor) -> None:
    """Pressing send twice is no message."""
    visitor.chat = visitor.stage.town.group
    before = len(visitor.square)

    await visitor.does("write", text="  ")

    assert len(visitor.square) == before


async def test_nobody_writes_in_the_channel(visitor: Visitor) -> None:
    """The page offers no way, and a forged form finds none."""
    await visitor.does("write", text="Moi aussi")

    assert "Ce n’est plus possible" in visitor.seen
    assert 'id="telegram-composer"' not in await visitor.looks()


async def test_the_bot_is_started_with_what_a_link_carried(visitor: Visitor) -> None:
    """A button that opens the bot does so here too, and the page goes there."""
    link = {"text": "En privé", "url": "https://t.me/valmont_bot?start=abcdvote"}
    await visitor.bot("sendMessage", chat_id=visitor.chat, text="…", reply_markup={"inline_keyboard": [[link]]})
    assert 'name="payload" value="abcdvote"' in await visitor.looks()

    await visitor.does("start", payload="abcdvote")

    (said,) = visitor.stage.journal.of("written")
    assert said["text"] == "/start abcdvote"
    assert visitor.where["telegram"] == [str(visitor.me.id)]


async def test_commands_are_sent_by_pressing_them(visitor: Visitor) -> None:
    """Those of the menu, and those that stand in a message."""
    commands = [{"command": "myvote", "description": "Revoir vos votes"}]
    await visitor.bot("setMyCommands", commands=commands, scope={"type": "all_private_chats"})
    visitor.chat = visitor.me.id
    await visitor.does("start")
    assert 'value="/myvote"><b>/myvote</b> Revoir vos votes' in visitor.seen

    await visitor.does("write", command="/myvote")

    assert [said["text"] for said in visitor.stage.journal.of("written")] == ["/start", "/myvote"]


async def test_a_citizen_blocks_the_bot_and_comes_back(visitor: Visitor) -> None:
    """What the bot must be able to bear."""
    visitor.chat = visitor.me.id
    await visitor.does("start")

    await visitor.does("block")
    blocked = visitor.seen
    await visitor.does("start")

    assert "Vous avez bloqué ce robot." in blocked
    assert 'id="telegram-composer"' in visitor.seen


async def test_a_poll_of_the_network_is_voted_in_and_taken_back(visitor: Visitor) -> None:
    """The shares show once somebody has voted; hidden ones at the end."""
    where = {"chat_id": visitor.chat, "question": "Passage ?", "options": [{"text": "Pont"}, {"text": "Gué"}]}
    await visitor.bot("sendPoll", **where, is_anonymous=True, description="Indicatif.")
    message = max(visitor.stage.world.chat(visitor.chat).messages)
    before = await visitor.looks()

    await visitor.does("vote", message=message, option=1)
    voted = visitor.seen
    await visitor.does("vote", message=message)

    assert (before.count('name="option"'), "100 %" in before, "100 %" in voted) == (2, False, True)
    assert "Sondage anonyme" in before
    assert before.count("Indicatif.") == 1
    assert "Retirer mon vote" in voted
    assert "100 %" not in visitor.seen


async def test_time_is_stopped_and_started_from_the_page(visitor: Visitor) -> None:
    """The visitor's own speed."""
    await visitor.does("clock", turn="pause")
    stopped = visitor.stage.clock.paused
    said = visitor.seen

    await visitor.does("clock", turn="resume")

    assert stopped
    assert "Le temps est arrêté" in said
    assert not visitor.stage.clock.paused


async def test_the_next_event_is_played_on_demand(visitor: Visitor) -> None:
    """Also while time is stopped."""
    sleeper = asyncio.create_task(visitor.stage.clock.sleep_until(NINE + timedelta(hours=1)))
    await asyncio.sleep(0)
    visitor.stage.play()
    visitor.stage.clock.pause()

    await visitor.does("clock", turn="skip")

    await asyncio.wait_for(sleeper, 2)


async def test_forms_of_other_sites_are_refused(visitor: Visitor) -> None:
    """A page elsewhere cannot vote through the visitor's browser."""
    status = await visitor.does("write", headers={"Sec-Fetch-Site": "cross-site"}, text="…")

    assert status == 403


# ── news ──


async def test_an_open_page_hears_of_changes_and_of_its_own_answers_only(visitor: Visitor) -> None:
    """What the script listens to."""
    message = await visitor.asks()
    mine, other = visitor.me.id, visitor.stage.people[1].id
    address = f"{visitor.stage.url}/news?who="
    async with visitor.session.get(f"{address}{mine}") as news, visitor.session.get(f"{address}{other}") as others:
        await asyncio.sleep(0.02)

        async with asyncio.TaskGroup() as both:
            both.create_task(visitor.does("press", headers={"X-Live": "1"}, message=message, data="v1:val_pont:0"))
            both.create_task(visitor.answers("Compté", alert=True))

        heard = await _until(news.content, b"toast")
        unheard = await _until(others.content, b"look")
    toast = re.search(r"event: toast\ndata: (.*)\n", heard)
    assert toast is not None
    assert json.loads(toast[1]) == {"network": "telegram", "text": "Compté", "alert": True}
    assert "toast" not in unheard


# ── hostile people ──


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)"> \u202e gro \ud800 &amp; "\'></li>'


async def test_hostile_names_and_texts_are_only_characters(visitor: Visitor) -> None:
    """No name, text or title becomes markup."""
    world = visitor.stage.world
    world.add_user(5_000_000_999, HOSTILE, language_code="fr")
    world.join(5_000_000_999, visitor.stage.town.group)
    world.write(5_000_000_999, visitor.stage.town.group, HOSTILE)
    visitor.chat = visitor.stage.town.group

    page = await visitor.looks(who=5_000_000_999)

    assert len(re.findall("<script", page)) == 1  # the page's own
    assert "<img" not in page
    assert html.escape("<script>alert(1)</script>") in page


def test_a_link_that_runs_something_is_only_text() -> None:
    """Only web addresses can be followed."""
    entities: list[Json] = [{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}]

    assert marked("Ici.", entities) == "Ici."


async def test_the_page_loads_nothing_from_elsewhere(visitor: Visitor) -> None:
    """And forbids it."""
    async with visitor.session.get(f"{visitor.stage.url}/") as answer:
        page, policy = await answer.text(), answer.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'self';")
    assert not re.findall(r'(?:src|href|action)="(?![/?#])[^"]*"', page)
    assert not re.findall(r'<style|\sstyle="|\son\w+="', page)


async def _until(stream: StreamReader, sign: bytes) -> str:
    """What a stream says up to the event with this sign, and the line after it."""
    heard = b""
    async with asyncio.timeout(5):
        while sign not in heard or not heard.endswith(b"\n\n"):
            heard += await stream.readline()
    return heard.decode()
