"""Reading the charter."""

from core.messages import RulesShown
from core.moderation import Severity
from tests.bots.town import ALIX, Stage, both, public, types


async def test_the_articles_in_force_are_shown(stage: Stage) -> None:
    """Those that act and those that watch; a sleeping one binds nobody."""
    weight = Severity.SERIOUS

    message = await stage.says(types(ALIX, "/règles", where=public()))

    assert message == RulesShown(
        version="2027-1", articles=(("1", both("Article 1."), weight), ("2", both("Article 2."), weight))
    )
