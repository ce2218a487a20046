"""What becomes of people whom a bot mutes or bans."""

import json
from datetime import timedelta

import pytest

from core.errors import Rejected, Unreachable
from core.events import Handle
from core.identifiers import AccountName, Address
from core.ports.moderator import Restraint
from core.post import Post
from core.richtext import RichText
from core.sanction import SanctionKind
from sandbox.telegram.errors import NobodyThere
from tests.contracts.stages import TelegramStage, there

HOUR = timedelta(hours=1)


def _restraint(stage: TelegramStage, kind: SanctionKind) -> Restraint:
    who = None if kind is SanctionKind.LOCK else stage.citizen_there
    return Restraint(kind=kind, chat=Address(str(stage.group)), subject=who, until=stage.clock.now() + HOUR)


async def test_a_mute_outlives_leaving_and_ends_in_time() -> None:
    """Whoever comes back is still muted; after its end they write again."""
    async with TelegramStage.built() as stage:
        await stage.moderator.impose(_restraint(stage, SanctionKind.MUTE))
        stage.world.leave(stage.citizen, stage.group)
        stage.world.join(stage.citizen, stage.group)
        with pytest.raises(NobodyThere, match="may not write"):
            stage.write("Bonjour")
        stage.clock.at += HOUR

        stage.write("Bonsoir")

        assert stage.words() == ["Bonsoir"]


async def test_who_is_banned_comes_back_after_its_end_only() -> None:
    """Nobody joins who is banned."""
    async with TelegramStage.built() as stage:
        await stage.moderator.impose(_restraint(stage, SanctionKind.BAN))
        with pytest.raises(NobodyThere, match="banned"):
            stage.world.join(stage.citizen, stage.group)
        stage.clock.at += HOUR

        stage.world.join(stage.citizen, stage.group)

        assert stage.world.chat(stage.group).member(stage.citizen).present


async def test_a_locked_group_is_silent() -> None:
    """But for those who run it."""
    async with TelegramStage.built() as stage:
        await stage.moderator.impose(_restraint(stage, SanctionKind.LOCK))

        with pytest.raises(NobodyThere, match="may not write"):
            stage.write("Bonjour")
        stage.world.write(stage.officer, stage.group, "À demain")

        assert stage.words() == ["À demain"]


async def test_who_asks_to_join_is_let_in_once_and_written_to_for_five_minutes() -> None:
    """By an administrator who may invite; then they are in, as if they had joined."""
    async with TelegramStage.built() as stage:
        stage.world.leave(stage.citizen, stage.group)
        stage.world.ask_to_join(stage.citizen, stage.group)
        bot = stage.world.the_bot()
        asked = [json.loads(each.body) for each in bot.queue.first(100) if "chat_join_request" in each.body]
        door = Handle(account=AccountName("telegram"), private=True, chat=Address(str(stage.citizen)))

        await stage.platform.say(door, Post(text=RichText.of("Bonjour")))
        stage.clock.at += timedelta(minutes=5, seconds=1)
        with pytest.raises(Unreachable, match="can't initiate"):
            await stage.platform.say(door, Post(text=RichText.of("Encore")))
        for _ in range(2):
            await stage.moderator.answer_request(stage.place, stage.citizen_there, admitted=True)

        assert asked[0]["chat_join_request"]["user_chat_id"] == stage.citizen
        assert stage.world.chat(stage.group).member(stage.citizen).present
        with pytest.raises(NobodyThere, match="cannot ask"):
            stage.world.ask_to_join(stage.citizen, stage.group)


async def test_who_is_turned_down_or_never_asked_stays_out() -> None:
    """Saying so twice is no trouble, nor is a person whom nobody knows."""
    async with TelegramStage.built() as stage:
        stage.world.leave(stage.citizen, stage.group)
        stage.world.ask_to_join(stage.citizen, stage.group)
        for admitted in (False, False, True):
            await stage.moderator.answer_request(stage.place, stage.citizen_there, admitted=admitted)
        with pytest.raises(Rejected, match=r"(?i)user_id_invalid"):
            await stage.moderator.answer_request(stage.place, there("telegram", 999), admitted=True)

        assert not stage.world.chat(stage.group).member(stage.citizen).present


async def test_without_the_right_to_invite_nobody_hears_of_requests_or_answers_them() -> None:
    """Whoever opens the private chat themselves can be written to."""
    async with TelegramStage.built() as stage:
        stage.world.leave(stage.citizen, stage.group)
        stage.world.ask_to_join(stage.citizen, stage.group)
        stage.world.start(stage.citizen)
        stage.world.promote(stage.group, stage.bot, frozenset({"can_restrict_members"}))
        stage.clock.at += timedelta(minutes=6)
        before = len(stage.world.the_bot().queue)
        stage.world.ask_to_join(stage.citizen, stage.group)

        assert (stage.world.the_bot().guests, len(stage.world.the_bot().queue)) == ({}, before)
        with pytest.raises(Rejected, match="ights to manage chat invite link"):
            await stage.moderator.answer_request(stage.place, stage.citizen_there, admitted=True)
