"""What only Mastodon has: an account keeps order for itself, and its server for everybody, with the right to."""

from core.identifiers import PersonRef
from core.ports.moderator import Standing
from core.sanction import SanctionKind, Subject
from sandbox.mastodon.profiles import MASTODON
from tests.contracts.stages import MastodonStage


async def test_a_mute_is_kept_by_hand() -> None:
    """Mastodon's own would hide votes and appeals from us."""
    async with MastodonStage.built(MASTODON) as stage:
        powers = stage.moderator.powers

        assert (SanctionKind.MUTE in powers.by_hand, SanctionKind.MUTE in powers.kinds) == (True, False)


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
