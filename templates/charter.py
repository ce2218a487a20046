"""The charter as a page for everybody: what /rules shows, in both languages, needing nothing from anywhere else."""

from dataclasses import fields

from markupsafe import Markup

from core.identifiers import Locale
from core.messages import RulesShown
from core.wording import Wording
from templates.environment import FOLDER, environment
from templates.officers import OfficersText


def page(town: Wording, shown: RulesShown) -> str:
    """The whole page, French first. What officers wrote is escaped."""
    sections = [(locale.value, _paragraphs(town, shown, locale)) for locale in Locale]
    source = (FOLDER / "charter.html").read_text(encoding="utf-8")
    return environment(Locale.FR, OfficersText({})).from_string(source).render(town=town.fr, sections=sections)


def _paragraphs(town: Wording, shown: RulesShown, locale: Locale) -> list[Markup]:
    made = environment(locale, OfficersText({"town": town[locale]}))
    values = {field.name: getattr(shown, field.name) for field in fields(shown)}
    written = made.get_template("rules_shown.j2").render(values)
    return [Markup(line) for line in written.splitlines() if line.strip()]  # noqa: S704  the template escaped it
