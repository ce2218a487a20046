"""What the menu of a platform says about each command."""

from core.identifiers import Locale
from templates.environment import environment
from templates.officers import OfficersText


def descriptions(locale: Locale) -> dict[str, str]:
    """Name of the command, and in a few words what it does; in the order to show them."""
    shared = environment(locale, OfficersText({})).get_template("_commands.j2").module
    return dict(vars(shared)["descriptions"])
