"""A sheet of posts: the first row names the columns, each further row is a post. The columns, with all their names.

Accents, capitals, spaces and hyphens do not matter in a heading. Empty rows are passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from campaigns.imports.posts import MOST_POSTS
from core.errors import Finding
from core.folding import fold

MOST_ROWS = MOST_POSTS + 1
MOST_COLUMNS = 64

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("id", "identifiant", "reference"),
        "when": ("when", "quand", "date_et_heure"),
        "date": ("date", "jour"),
        "time": ("time", "heure"),
        "title.fr": ("title_fr", "titre_fr", "titre"),
        "body.fr": ("body_fr", "texte_fr", "texte"),
        "title.en": ("title_en", "titre_en"),
        "body.en": ("body_en", "texte_en"),
        "image": ("image", "photo"),
        "alt.fr": ("alt_fr",),
        "alt.en": ("alt_en",),
        "campaign": ("campaign", "campagne"),
        "channels": ("channels", "canaux"),
        "silent": ("silent", "silencieux"),
        "pinned": ("pinned", "epingle"),
        "grace": ("grace", "delai"),
    }
)
NAMES: Mapping[str, str] = MappingProxyType({name: column for column, names in COLUMNS.items() for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its number in the file, from 1, and the text of its cells. ``covered`` are those under a merged one."""

    line: int
    cells: tuple[str, ...]
    covered: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows that hold anything, the headings first."""

    path: Path
    rows: tuple[Row, ...]
    notes: tuple[Finding, ...] = ()


def heading(text: str) -> str:
    """The heading as it is compared: ``Titre FR`` is ``titre_fr``."""
    return "_".join(fold(text).replace("-", " ").replace("_", " ").replace(".", " ").split())
