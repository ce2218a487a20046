"""What only Discord has: ranks, reasons in the server's log, two weeks for many messages at once."""

from datetime import timedelta

from core.identifiers import PersonRef
from core.ports.moderator import Purged, Restraint
from core.sanction import SanctionKind, Subject
from sandbox.discord import permissions
from tests.contracts.stages import DiscordStage


def _ban(stage: DiscordStage) -> Restraint:
    return Restraint(kind=SanctionKind.BAN, chat=stage.place, subject=stage.citizen_there, reason="parvis:12")


async def test_a_ban_says_whose_it_is_and_destroys_no_evidence() -> None:
    """A plain one takes a day of messages with it; the log of the server names the sanction."""
    async with DiscordStage.built() as stage:
        stage.write("Ça suffit")

        await stage.moderator.impose(_ban(stage))

        found = await stage.moderator.standing(stage.place, stage.citizen_there, SanctionKind.BAN)
        assert found.holds[SanctionKind.BAN].ours is True
        assert (found.present, stage.words()) == (False, ["Ça suffit"])


async def test_a_ban_by_somebody_else_is_not_ours() -> None:
    """So that the end of one of ours does not lift it."""
    async with DiscordStage.built() as stage:
        stage.world.guilds[stage.guild].banned[stage.citizen] = "raid"

        found = await stage.moderator.standing(stage.place, stage.citizen_there, SanctionKind.BAN)

        assert found.holds[SanctionKind.BAN].ours is False


async def test_who_stands_as_high_as_we_do_is_out_of_reach() -> None:
    """Discord would refuse; it is known before."""
    async with DiscordStage.built() as stage:
        stage.world.add_user(104, "Denis")
        stage.world.add_role(stage.guild, 822, "Doyens", permissions.USUAL)
        stage.world.add_member(stage.world.guilds[stage.guild], 104, (822,))
        elder = Subject(person=PersonRef("discord:104"), number="104")

        assert (await stage.moderator.standing(stage.place, elder, SanctionKind.MUTE)).immune


async def test_a_locked_channel_is_still_ours_to_write_in() -> None:
    """What is denied to all would be denied to us as well."""
    async with DiscordStage.built() as stage:
        await stage.moderator.impose(Restraint(kind=SanctionKind.LOCK, chat=stage.place))

        channel = stage.world.channels[stage.square]
        may = [
            bool(stage.world.allowed(user, channel) & permissions.SEND_MESSAGES) for user in (stage.citizen, stage.bot)
        ]
        assert may == [False, True]


async def test_messages_older_than_two_weeks_go_one_by_one() -> None:
    """Many at once are refused when one of them is that old."""
    async with DiscordStage.built() as stage:
        old = [stage.write(f"Hier {rank}") for rank in range(2)]
        stage.clock.at += timedelta(days=20)
        messages = [*old, *(stage.write(f"Ça suffit {rank}") for rank in range(3))]

        purged = await stage.moderator.purge(stage.place, messages)

        assert (purged, stage.words()) == (Purged(gone=5), [])
