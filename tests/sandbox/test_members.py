"""What becomes of people whom a bot mutes or bans."""

from datetime import timedelta

import pytest

from core.identifiers import Address
from core.ports.moderator import Restraint
from core.sanction import SanctionKind
from sandbox.telegram.errors import NobodyThere
from tests.contracts.stages import TelegramStage

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
