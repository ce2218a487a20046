"""The words of what a network keeps back: the name of a filter in its settings, and what the writer is told."""

from functools import cache

from core.identifiers import Locale
from core.moderation import Rule
from templates.environment import environment
from templates.officers import OfficersText


def described(rule: Rule, locale: Locale) -> tuple[str, str]:
    """The name of an article's filter, and the notice, which begins with the article. Reads files the first time."""
    name, notice = _said(locale)
    return name.format(article=rule.article), notice.format(article=rule.article, rule=rule.wording[locale])


@cache
def _said(locale: Locale) -> tuple[str, str]:
    said = vars(environment(locale, OfficersText({})).get_template("_filters.j2").module)
    return str(said["name"]), str(said["notice"])
