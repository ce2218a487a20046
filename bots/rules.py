"""Reading the charter of the debates."""

from bots.desk import Desk, Request
from core.messages import RulesShown
from core.ports.store import Books
from core.town import Town


def show_rules(desk: Desk, _request: Request, _books: Books) -> RulesShown:
    """Show the articles in force."""
    return shown(desk.town)


def shown(town: Town) -> RulesShown:
    """The articles in force, as anybody may read them."""
    charter = town.charter
    return RulesShown(
        version=charter.version,
        articles=tuple((rule.article, rule.wording, rule.severity) for rule in charter.rules if rule.is_in_force),
        keeps_journal=town.keeps_journal,
    )
