"""What the menu of a platform says about each command."""

from functools import cache
from typing import Any

from core.identifiers import Locale
from templates.environment import environment
from templates.officers import OfficersText


def descriptions(locale: Locale) -> dict[str, str]:
    """Name of the command, and in a few words what it does; in the order to show them."""
    return dict(_said(locale)["descriptions"])


def names(locale: Locale) -> dict[str, str]:
    """What some commands are called beside their own name, where a menu shows them so; they are understood as well."""
    return dict(_said(locale)["names"])


def for_staff(locale: Locale) -> dict[str, str]:
    """The same of the commands of moderators."""
    return dict(_said(locale)["staff"])


def menus(locale: Locale) -> dict[str, str]:
    """By the name of a command of moderators, what the menu of a message calls it."""
    return dict(_said(locale)["menus"])


def report(locale: Locale) -> str:
    """What the menu of a message calls asking a moderator to look at it."""
    return str(_said(locale)["report"])


def forms(locale: Locale) -> dict[str, dict[str, str]]:
    """By the name of a command, what the form says that asks for its words: its title, its field, and a hint."""
    return dict(_said(locale)["forms"])


@cache
def _said(locale: Locale) -> dict[str, Any]:
    return vars(environment(locale, OfficersText({})).get_template("_commands.j2").module)
