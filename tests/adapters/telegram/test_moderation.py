"""What only Telegram has: supergroups, channels that write, and nothing older than two days."""

from datetime import timedelta

import pytest

from core.errors import Rejected
from core.identifiers import PersonRef
from core.ports.moderator import Purged, Restraint
from core.sanction import SanctionKind, Subject
from sandbox.telegram.values import Member
from tests.contracts.stages import TelegramStage

CHANNEL = Subject(person=PersonRef("telegram:-1001000000009"), number="")


def _against(stage: TelegramStage, who: Subject | None, kind: SanctionKind) -> Restraint:
    return Restraint(kind=kind, chat=stage.place, subject=who)


async def test_what_is_too_old_stays_and_the_rest_goes() -> None:
    """84 of 90, and why not the others."""
    async with TelegramStage.built() as stage:
        old = [stage.write(f"Hier {rank}") for rank in range(6)]
        stage.clock.at += timedelta(hours=48)
        messages = [stage.write(f"Ça suffit {rank}") for rank in range(84)]

        purged = await stage.moderator.purge(stage.place, [*messages[:40], *old, *messages[40:]])

        assert purged == Purged(gone=84, too_old=6)
        assert len(stage.words()) == 6


async def test_who_writes_as_a_channel_is_banned_and_not_muted() -> None:
    """There is a call for the one and none for the other."""
    async with TelegramStage.built() as stage:
        group = stage.world.chat(stage.group)
        await stage.moderator.impose(_against(stage, CHANNEL, SanctionKind.BAN))
        banned = set(group.banned_senders)
        await stage.moderator.lift(_against(stage, CHANNEL, SanctionKind.BAN))

        assert (banned, group.banned_senders) == ({-1001000000009}, set())
        assert (await stage.moderator.standing(stage.place, CHANNEL, SanctionKind.BAN)).holds == {}
        for call in (stage.moderator.impose, stage.moderator.lift):
            with pytest.raises(Rejected, match="not muted"):
                await call(_against(stage, CHANNEL, SanctionKind.MUTE))


async def test_a_group_that_is_no_supergroup_mutes_nobody() -> None:
    """And says so."""
    async with TelegramStage.built() as stage:
        stage.world.chat(stage.group).kind = "group"

        with pytest.raises(Rejected, match="supergroup"):
            await stage.moderator.impose(_against(stage, stage.citizen_there, SanctionKind.MUTE))


async def test_nobody_who_runs_the_group_is_muted() -> None:
    """Telegram refuses; the officer was looked at before."""
    async with TelegramStage.built() as stage:
        with pytest.raises(Rejected, match="administrator"):
            await stage.moderator.impose(_against(stage, stage.officer_there, SanctionKind.MUTE))


async def test_who_may_write_but_not_all_is_not_muted() -> None:
    """Somebody took their pictures from them, and is left to it."""
    async with TelegramStage.built() as stage:
        allowed = frozenset({"can_send_messages"})
        member = Member(user=stage.citizen, status="restricted", permissions=allowed)
        stage.world.set_member(stage.world.chat(stage.group), member)

        found = await stage.moderator.standing(stage.place, stage.citizen_there, SanctionKind.MUTE)

        assert (found.holds, found.present) == ({}, True)


async def test_unbanning_puts_nobody_out() -> None:
    """Without its flag, the call throws out whoever is in."""
    async with TelegramStage.built() as stage:
        await stage.moderator.lift(_against(stage, stage.citizen_there, SanctionKind.BAN))

        assert stage.world.chat(stage.group).member(stage.citizen).present
