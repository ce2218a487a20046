"""What only Mastodon has: an account keeps order for itself, and its server for everybody, with the right to."""

from datetime import timedelta

from core.identifiers import PersonRef
from core.ports.moderator import Restraint, Standing
from core.sanction import SanctionKind, Subject
from sandbox.mastodon.profiles import MASTODON
from tests.contracts.stages import MastodonStage


async def test_a_mute_ends_by_itself() -> None:
    """Also when nobody is there to lift it."""
    async with MastodonStage.built(MASTODON) as stage:
        until = stage.clock.now() + timedelta(days=1)
        who = stage.citizen_there

        await stage.moderator.impose(Restraint(kind=SanctionKind.MUTE, chat=stage.place, subject=who, until=until))

        mute = stage.world.mutes[stage.bot, stage.citizen]
        assert (mute.until, mute.notifications) == (until, True)


async def test_nothing_is_kept_up_about_places() -> None:
    """There is none to lock."""
    async with MastodonStage.built(MASTODON) as stage:
        assert await stage.moderator.standing(stage.place, None, SanctionKind.LOCK) == Standing()


async def test_the_staff_of_the_server_is_out_of_reach() -> None:
    """As far as the server shows who they are."""
    async with MastodonStage.built(MASTODON) as stage:
        officer = stage.world.add_user("chloe", "Chloé").id
        stage.world.staff.add(officer)
        who = Subject(person=PersonRef("mastodon:chloe"), number=officer)

        assert (await stage.moderator.standing(stage.place, who, SanctionKind.SUSPEND)).immune


async def test_an_account_that_is_no_more_is_not_there() -> None:
    """The staff's view of it is gone."""
    async with MastodonStage.built(MASTODON) as stage:
        who = Subject(person=PersonRef("mastodon:x"), number="404404")

        assert not (await stage.moderator.standing(stage.place, who, SanctionKind.SUSPEND)).present
