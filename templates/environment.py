"""One Jinja environment per language, which knows the templates of that language only."""

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

from jinja2 import BytecodeCache, DictLoader, Environment, StrictUndefined
from jinja2.bccache import Bucket

from core.identifiers import Locale
from core.wording import Wording
from templates import filters
from templates.officers import OfficersText

FOLDER = Path(__file__).parent


class _Compiled(BytecodeCache):
    """What was compiled from a text, for as long as the process lives: a second town finds it done.

    The same name stands for another text in each language; so a text is known by its checksum too.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if this text was compiled before."""
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in the bucket."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@cache
def sources(folder: Path) -> Mapping[str, str]:
    """The templates of a language, by the name of the file: read once in a process."""
    return {file.name: file.read_text("utf-8") for file in folder.glob("*.j2")}


def environment(
    locale: Locale, officers: OfficersText, folder: Path = FOLDER, *, contact: str = "", also: tuple[Path, ...] = ()
) -> Environment:
    """Escapes every value, refuses every missing one. ``officers`` fills placeholders in officers' wordings.

    ``contact`` is the mail address of the town, for whoever no bot hears; empty: it gives none.

    ``also``: further files that it knows, of no language. All files are read now, or were in this process, so that
    writing a message never waits for a disk.
    """
    made = Environment(
        loader=DictLoader({**sources(folder / locale.value), **{file.name: file.read_text("utf-8") for file in also}}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,  # the number of templates is known: keep them all
        bytecode_cache=_COMPILED,
    )

    made.globals["contact"] = contact

    def said(wording: Wording) -> str:
        return officers.fill(wording[locale])

    made.filters["said"] = said
    made.filters["short"] = filters.short
    made.filters["local"] = filters.local
    made.filters["lasting"] = filters.lasting
    made.filters["pausing"] = filters.pausing
    made.filters["number"] = partial(filters.number, locale)
    made.filters["plural"] = partial(filters.plural, locale)
    return made
