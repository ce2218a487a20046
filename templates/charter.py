"""The charter as a page for everybody: what /rules shows, in both languages, needing nothing from anywhere else."""

from dataclasses import fields

from markupsafe import Markup

from core.identifiers import Locale
from core.messages import RulesShown
from core.wording import Wording
from templates.environment import environment
from templates.officers import OfficersText
from templates.page import written


def page(town: Wording, shown: RulesShown, *, contact: str = "") -> str:
    """The whole page, French first. What officers wrote is escaped."""
    sections = [(locale.value, _paragraphs(town, shown, locale, contact)) for locale in Locale]
    return written("charter.html", town, sections=sections)


def _paragraphs(town: Wording, shown: RulesShown, locale: Locale, contact: str) -> list[Markup]:
    made = environment(locale, OfficersText({"town": town[locale]}), contact=contact)
    values = {field.name: getattr(shown, field.name) for field in fields(shown)}
    lines = made.get_template("rules_shown.j2").render(values)
    return [Markup(line) for line in lines.splitlines() if line.strip()]  # noqa: S704  the template escaped it
