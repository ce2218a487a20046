"""The monthly report of moderation as a page for everybody, in both languages, needing nothing from anywhere else."""

from core.identifiers import Locale
from core.transparency import Report
from core.wording import Wording
from templates.environment import FOLDER, environment
from templates.officers import OfficersText


def page(town: Wording, it: Report) -> str:
    """The whole page, French first. What officers wrote is escaped."""
    languages = [(locale.value, *_words(locale)) for locale in Locale]
    source = (FOLDER / "moderation.html").read_text(encoding="utf-8")
    made = environment(Locale.FR, OfficersText({})).from_string(source)
    return made.render(town=town.fr, it=it, languages=languages, shown=_shown)


def _words(locale: Locale) -> tuple[dict[str, str], dict[str, str]]:
    said = vars(environment(locale, OfficersText({})).get_template("_moderation.j2").module)
    return said["words"], said["deeds"]


def _shown(count: int | None, words: dict[str, str]) -> str:
    return words["hidden"] if count is None else str(count)
