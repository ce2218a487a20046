"""Reading the charter of the debates."""

from bots.desk import Desk, Request
from core.messages import RulesShown
from core.moderation import Enforcement
from core.ports.store import Books


def show_rules(desk: Desk, _request: Request, _books: Books) -> RulesShown:
    """Show the articles in force."""
    charter = desk.town.charter
    return RulesShown(
        version=charter.version,
        articles=tuple(
            (rule.article, rule.wording, rule.severity)
            for rule in charter.rules
            if rule.enforcement is not Enforcement.OFF
        ),
    )
