"""The words of a post as HTML in which nothing that people wrote is markup: links, names and tags stand out."""

import re
from typing import Final

from markupsafe import Markup, escape

from sandbox.mastodon.texts import MENTION, TAG, Finder, links

_SHOWN: Final = 40


def marked(text: str, find: Finder) -> Markup:
    """The text as HTML; names are marked only of accounts that the server knows."""
    made, start = Markup(), 0
    for link in links(text):
        made += _named(text[start : link.start], find) + _link(link.text)
        start = link.end
    return made + _named(text[start:], find)


def _named(text: str, find: Finder) -> Markup:
    """Words without addresses."""
    made, start = Markup(), 0
    for found in sorted([*MENTION.finditer(text), *TAG.finditer(text)], key=re.Match.start):
        if found.start() < start or (found[0].startswith("@") and find(found[0]) is None):
            continue
        made += escape(text[start : found.start()]) + Markup('<span class="tag">{}</span>').format(found[0])
        start = found.end()
    return made + escape(text[start:])


def _link(address: str) -> Markup:
    bare = re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE)
    shown = bare if len(bare) <= _SHOWN else f"{bare[: _SHOWN - 1]}…"
    return Markup('<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>').format(address, shown)
