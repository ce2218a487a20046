"""The report of a rehearsal: one page for a mayor, in one language, that needs nothing from anywhere else."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Template
from markupsafe import Markup, escape

from core.delivery import DeliveryState
from core.identifiers import Locale
from core.post import Picture, Post
from core.preflight import Concern, blocks
from core.rehearsal import Moment, Rehearsal, Said
from core.richtext import RichText, Span
from templates.environment import FOLDER, environment
from templates.officers import OfficersText
from templates.preflight import sentence

PAGE = FOLDER / "rehearsal.html"
_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class _Card:
    """A message, and whether it reads as that of the same step before."""

    said: Said
    again: bool


@dataclass(frozen=True, slots=True)
class _Scene:
    """A moment with its messages: in public, and in private."""

    moment: Moment
    public: tuple[_Card, ...]
    private: tuple[_Card, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    """Clocks put forward, or back, at an instant."""

    at: datetime
    forward: bool


def template(locale: Locale, officers: OfficersText) -> Template:
    """What the page is made of, compiled."""
    made = environment(locale, officers, also=(PAGE,))
    made.filters["rich"] = _rich
    made.filters["embedded"] = _embedded
    return made.get_template(PAGE.name)


def page(rehearsal: Rehearsal, locale: Locale) -> str:
    """The whole page. Blocks: it reads the pictures."""
    zone = ZoneInfo(rehearsal.zone)
    return template(locale, OfficersText({"town": rehearsal.town[locale]})).render(
        locale=locale.value,
        it=rehearsal,
        states=DeliveryState,
        scenes=tuple(_scenes(rehearsal)),
        changes=tuple(_Change(at, _forward(at, zone)) for at in rehearsal.changes),
        concerns=[(blocks(each), each.place, sentence(each, locale)) for each in _sorted(rehearsal.concerns)],
    )


def _sorted(concerns: tuple[Concern, ...]) -> list[Concern]:
    """What blocks first."""
    return sorted(concerns, key=blocks, reverse=True)


def _scenes(rehearsal: Rehearsal) -> Iterator[_Scene]:
    known: dict[object, Post] = {}
    for moment in rehearsal.moments:
        cards: list[_Card] = []
        for said in moment.said:
            key = said.step, said.network, said.channel, said.locale
            cards.append(_Card(said, again=known.get(key) == said.post))
            known[key] = said.post
        yield _Scene(
            moment,
            tuple(card for card in cards if card.said.channel is not None),
            tuple(card for card in cards if card.said.channel is None),
        )


def _forward(change: datetime, zone: ZoneInfo) -> bool:
    before = (change - timedelta(hours=1)).astimezone(zone).utcoffset() or timedelta()
    after = change.astimezone(zone).utcoffset() or timedelta()
    return after > before


def _rich(text: RichText) -> Markup:
    """The text with its look."""
    return Markup("").join(map(_span, text.spans))


def _span(span: Span) -> Markup:
    shown = escape(span.text)
    looks = ((span.code, "code"), (span.emphasis, "em"), (span.strong, "strong"), (span.quote, "cite"))
    for worn, tag in looks:
        if worn:
            shown = Markup(f"<{tag}>{{}}</{tag}>").format(shown)  # noqa: S704  one of four tags
    if span.link is not None and span.link.startswith(("https://", "http://")):
        shown = Markup('<a href="{}">{}</a>').format(span.link, shown)
    return shown


def _embedded(picture: Picture) -> str:
    """The picture as an address that holds it; empty where it cannot be read."""
    kind = _KINDS.get(Path(picture.path).suffix.lower())
    try:
        held = picture.path.read_bytes() if kind else b""
    except OSError:
        return ""
    return f"data:{kind};base64,{base64.b64encode(held).decode('ascii')}" if held else ""
