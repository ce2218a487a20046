"""Reading the charter of the debates."""

from bots.desk import Desk, Request
from core.messages import RulesShown
from core.moderation import Charter
from core.ports.store import Books


def show_rules(desk: Desk, _request: Request, _books: Books) -> RulesShown:
    """Show the articles in force."""
    return shown(desk.town.charter)


def shown(charter: Charter) -> RulesShown:
    """The articles in force, as anybody may read them."""
    return RulesShown(
        version=charter.version,
        articles=tuple((rule.article, rule.wording, rule.severity) for rule in charter.rules if rule.is_in_force),
    )
