"""What a calendar program shows of each step of a campaign."""

from functools import cache
from typing import Any, Protocol

from core.campaign import StepKind
from core.identifiers import Locale
from core.wording import Wording
from templates.environment import environment
from templates.markup import parse
from templates.officers import OfficersText


class Shown(Protocol):
    """What is asked of an event."""

    @property
    def kind(self) -> StepKind: ...  # noqa: D102  the type says it
    @property
    def subject(self) -> Wording: ...  # noqa: D102
    @property
    def campaign(self) -> str: ...  # noqa: D102
    @property
    def step(self) -> str: ...  # noqa: D102
    @property
    def channels(self) -> tuple[str, ...]: ...  # noqa: D102


def title(event: Shown, locale: Locale) -> str:
    """What happens, in a few words."""
    return parse(str(_said(locale)["title"](event))).plain


def about(event: Shown, locale: Locale) -> str:
    """Where it belongs, and where it goes out."""
    return parse(str(_said(locale)["about"](event))).plain


@cache
def _said(locale: Locale) -> dict[str, Any]:
    return vars(environment(locale, OfficersText({})).get_template("_calendar.j2").module)
