"""The staff reads a campaign before anybody else, in its own channel; citizens see nothing of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import Settings
from app.trial import NothingToShow, show
from core.audience import StaffChannel
from core.identifiers import AccountName, Address, Locale
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World
from tests.app.town import CHANNELS, GROUP, TOWN, account, configured, world

pytestmark = pytest.mark.usefixtures("socket_enabled")
CAMPAIGN = """
[campaign]
id = "pont"
title.fr = "Le pont"
title.en = "The bridge"
channels = ["{place}"]
subscribers = true

[announcements.news]
title.fr = "Le pont ferme"
title.en = "The bridge closes"
body.fr = "Lundi."
body.en = "On Monday."
pinned = true

[polls.route]
question.fr = "Par où passer ?"
question.en = "Which way?"
public = true
[[polls.route.options]]
fr = "Par le nord"
en = "North"
[[polls.route.options]]
fr = "Par le sud"
en = "South"

[[steps]]
do = "announce"
announcement = "news"
after = "1 h"

[[steps]]
do = "open_poll"
poll = "route"
after = "1 h"

[[steps]]
do = "close_poll"
poll = "route"
after = "24 h"
"""


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[World, str]]:
    """A town's Telegram, and where it listens."""
    chats = world()
    async with TelegramServer(chats) as server:
        yield chats, server.url


async def staffed(folder: Path, url: str) -> tuple[Settings, Path]:
    """A town whose staff reads the square; its campaign."""
    settings = await configured(folder, account(url))
    room = StaffChannel(name=TOWN, account=AccountName(TOWN), address=Address(str(GROUP)), locale=Locale.FR)
    file = folder / "pont.toml"
    file.write_text(CAMPAIGN.format(place=TOWN), encoding="utf-8")
    return replace(settings, town=replace(settings.town, staff_channels=(room,))), file


async def test_each_message_is_shown_once_a_language_in_the_channel_of_the_staff_alone(
    tmp_path: Path, telegram: tuple[World, str]
) -> None:
    """Nothing can be pressed, no poll is open, nothing is pinned."""
    chats, url = telegram
    settings, file = await staffed(tmp_path, url)

    lines = await show(settings, file, {}, step=None)

    texts = [message.text for message in chats.chat(GROUP).messages.values()]
    assert len(lines) == len(texts) == 4  # two messages, in French for the channel, in English for subscribers
    assert all(text.startswith(("Essai", "Test")) for text in texts)
    assert any("Le pont ferme" in text for text in texts)
    assert any("[ 1. Par le nord ]" in text for text in texts)
    assert [message for message in chats.chat(GROUP).messages.values() if message.markup] == []
    assert dict(chats.chat(CHANNELS[TOWN]).messages) == {}


async def test_one_step_can_be_shown(tmp_path: Path, telegram: tuple[World, str]) -> None:
    """By its name; a name that is none is said."""
    chats, url = telegram
    settings, file = await staffed(tmp_path, url)

    await show(settings, file, {}, step="announce-news")

    assert len(chats.chat(GROUP).messages) == 2
    with pytest.raises(NothingToShow, match="no step «nothing»"):
        await show(settings, file, {}, step="nothing")


async def test_what_cannot_be_shown_is_said(tmp_path: Path, telegram: tuple[World, str]) -> None:
    """Without a channel of the staff, and where the bot may not write."""
    _, url = telegram
    settings, file = await staffed(tmp_path, url)
    elsewhere = replace(settings.town.staff_channels[0], address=Address("-999"))

    with pytest.raises(NothingToShow, match="name a channel of the staff first"):
        await show(replace(settings, town=replace(settings.town, staff_channels=())), file, {}, step=None)
    lines = await show(
        replace(settings, town=replace(settings.town, staff_channels=(elsewhere,))), file, {}, step="announce-news"
    )

    assert all("NOT SHOWN" in line for line in lines)
