"""One Jinja environment per language, which knows the templates of that language only."""

from functools import partial
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined

from core.identifiers import Locale
from core.wording import Wording
from templates import filters
from templates.officers import OfficersText

FOLDER = Path(__file__).parent


def environment(locale: Locale, officers: OfficersText, folder: Path = FOLDER) -> Environment:
    """Escapes every value, refuses every missing one. ``officers`` fills placeholders in officers' wordings.

    All files are read now, so that writing a message never waits for a disk.
    """
    sources = {file.name: file.read_text("utf-8") for file in (folder / locale.value).glob("*.j2")}
    made = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,  # the number of templates is known: keep them all
    )

    def said(wording: Wording) -> str:
        return officers.fill(wording[locale])

    made.filters["said"] = said
    made.filters["short"] = filters.short
    made.filters["local"] = filters.local
    made.filters["number"] = partial(filters.number, locale)
    made.filters["plural"] = partial(filters.plural, locale)
    return made
