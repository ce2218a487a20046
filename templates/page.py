"""A page for everybody, which needs nothing from anywhere else."""

from jinja2 import DictLoader

from core.identifiers import Locale
from core.wording import Wording
from templates.environment import FOLDER, environment
from templates.officers import OfficersText

_FRAME = "page.html"


def written(name: str, town: Wording, **values: object) -> str:
    """The whole page; ``name`` is the file of what it says. Every value is escaped."""
    files = {each: (FOLDER / each).read_text(encoding="utf-8") for each in (_FRAME, name)}
    made = environment(Locale.FR, OfficersText({})).overlay(loader=DictLoader(files))
    return made.get_template(name).render(town=town.fr, **values)
