"""What pre-flight says of each thing that it found: the place, what is wrong there, and the cure."""

from functools import cache
from typing import Any

from core.identifiers import Locale
from core.preflight import Concern, blocks
from templates.environment import environment
from templates.markup import parse
from templates.officers import OfficersText
from templates.render import template_name


def sentence(concern: Concern, locale: Locale) -> str:
    """What is wrong, and the cure."""
    return parse(str(_said(locale)[template_name(type(concern))](concern))).plain


def line(concern: Concern, locale: Locale) -> str:
    """The same with its place, and whether it blocks the campaign or is to be looked at."""
    verdict = _said(locale)["blocks" if blocks(concern) else "warns"]
    return f"{verdict}  {concern.place}: {sentence(concern, locale)}"


@cache
def _said(locale: Locale) -> dict[str, Any]:
    return vars(environment(locale, OfficersText({})).get_template("_preflight.j2").module)
