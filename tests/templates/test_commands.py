"""The menu of commands."""

import re

import pytest

from bots.catalogue import COMMANDS
from bots.orders import SPELLINGS, Verb
from core.identifiers import Locale
from templates.commands import descriptions, for_staff, forms, menus

OF_SERVERS = {"limit", "unlimit", "suspend", "unsuspend"}  # of Mastodon, which has no menu


@pytest.mark.parametrize("locale", Locale)
def test_every_command_is_described_in_every_language(locale: Locale) -> None:
    """In the order in which a citizen needs them."""
    assert list(descriptions(locale)) == [entry.name.value for entry in COMMANDS]


@pytest.mark.parametrize("locale", Locale)
def test_commands_fit_the_menu_of_a_platform(locale: Locale) -> None:
    """Telegram takes names of 1 to 32 of a-z, 0-9 and _, descriptions of 1 to 256: core.telegram.org/bots/api."""
    menu = descriptions(locale)

    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in menu)
    assert all(1 <= len(description) <= 256 for description in menu.values())


@pytest.mark.parametrize("locale", Locale)
def test_forms_fit_the_form_of_a_platform(locale: Locale) -> None:
    """Discord takes titles and labels of 45, hints of 100: docs.discord.com, Component Reference."""
    said = forms(locale)

    assert set(said) <= {entry.name.value for entry in COMMANDS} | set(menus(locale))
    assert all(len(form["title"]) <= 45 and len(form["label"]) <= 45 for form in said.values())
    assert all(len(form["hint"]) <= 100 for form in said.values())


@pytest.mark.parametrize("locale", Locale)
def test_what_moderators_are_offered_exists_and_fits(locale: Locale) -> None:
    """Names of 32, descriptions of 100; 15 in the menu of a message, with the report: docs.discord.com, 2026-08-06."""
    offered, in_menu = for_staff(locale), menus(locale)

    assert set(offered) | set(in_menu) <= set(SPELLINGS)
    assert set(offered) == {verb.value for verb in Verb} - OF_SERVERS
    assert set(in_menu) - {"case"} <= set(forms(locale))
    assert len(in_menu) < 15
    assert all(len(words) <= 100 for words in offered.values())
    assert all(len(name) <= 32 for name in in_menu.values())
