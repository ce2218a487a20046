"""The monthly report of moderation as a page for everybody, in both languages, needing nothing from anywhere else."""

from core.identifiers import Locale
from core.transparency import Report
from core.wording import Wording
from templates.environment import environment
from templates.officers import OfficersText
from templates.page import written


def page(town: Wording, it: Report) -> str:
    """The whole page, French first. What officers wrote is escaped."""
    languages = [(locale.value, *_words(locale)) for locale in Locale]
    return written("moderation.html", town, it=it, languages=languages, shown=_shown)


def _words(locale: Locale) -> tuple[dict[str, str], dict[str, str]]:
    said = vars(environment(locale, OfficersText({})).get_template("_moderation.j2").module)
    return said["words"], said["deeds"]


def _shown(count: int | None, words: dict[str, str]) -> str:
    return words["hidden"] if count is None else str(count)
