"""Words by Jinja2: the template of the message, in the person's language, made into a post."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

from core.capabilities import Capabilities
from core.errors import Finding, Misconfigured
from core.identifiers import Locale
from core.messages import AnnouncementPublished, BallotCounted, FollowUp, Message, PollOpened, PollReminder
from core.native import NativeBallot, NativePoll, misfits
from core.poll import Poll, PollKind, Showing
from core.post import Picture, Post
from core.wording import Wording
from templates.environment import FOLDER, environment, sources
from templates.keyboards import Labels, keyboard
from templates.markup import parse
from templates.officers import OfficersText

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def template_name(message: type[object]) -> str:
    """``PollOpened`` is written in ``poll_opened``."""
    return _CAPITAL.sub("_", message.__name__).lower()


class JinjaWords:
    """The renderer of every message in every language.

    Beside the fields of the message, a template knows ``network``, the platform as people call it, and ``presses``,
    whether there are buttons to press, ``hears``,
    whether what people write there is heard, and ``native``, the network's own poll where that one asks the question.
    """

    def __init__(self, *, town: Wording, contact: str = "", folder: Path = FOLDER, pictures: Path = Path()) -> None:
        """``town`` stands for ``{{ town }}`` in officers' texts; ``pictures`` is the folder of those known by a name.

        ``contact`` is the mail address that is named to whoever no bot hears.

        Raises Misconfigured when a template is missing.
        """
        self._pictures = pictures
        missing = tuple(_missing(folder))
        if missing:
            raise Misconfigured(*missing)
        self._counted = lru_cache(maxsize=256)(self._write)
        self._voices = {locale: _Voice(locale, town, folder, contact) for locale in Locale}
        languages = {locale: voice.label("language") for locale, voice in self._voices.items()}
        self._labels = {locale: voice.labels(languages) for locale, voice in self._voices.items()}

    def post(self, message: Message, locale: Locale, on: Capabilities) -> Post:
        """The message in this language, and never in another."""
        if isinstance(message, BallotCounted):  # the one answer given thousands of times, with few different contents
            return self._counted(message, locale, on)
        return self._write(message, locale, on)

    def _write(self, message: Message, locale: Locale, on: Capabilities) -> Post:
        voice = self._voices[locale]
        if isinstance(message, PollOpened | PollReminder) and message.poll.public:
            return self._public(message, message.poll, voice, locale, on)
        text = parse(voice.write(message, on))
        buttons = keyboard(message, self._labels[locale])
        if not isinstance(message, AnnouncementPublished | FollowUp):
            return Post(text=text, buttons=buttons, locale=locale)
        told = message.announcement
        pictures = tuple(Picture(self._pictures / image.path, voice.said(image.alt)) for image in told.images)
        return Post(
            text=text, buttons=buttons, pictures=pictures, silent=told.silent, pinned=told.pinned, locale=locale
        )

    def _public(
        self, message: PollOpened | PollReminder, poll: Poll, voice: "_Voice", locale: Locale, on: Capabilities
    ) -> Post:
        """By the network's own poll where the question fits, by ours where it does not. Only the first asks it."""
        asked = NativeBallot(
            question=voice.said(poll.question),
            options=tuple(map(voice.said, poll.options)),
            several=poll.kind is PollKind.MULTIPLE,
            closes_at=poll.closes_at,
            hides=poll.showing is Showing.AT_CLOSE,
        )
        missing = misfits(asked, poll.closes_at - poll.opens_at, on.native_poll)
        text = parse(voice.write(message, on, native=None if missing else on.native_poll))
        if missing:
            return Post(text=text, buttons=keyboard(message, self._labels[locale]), locale=locale, misfits=missing)
        return Post(text=text, locale=locale, poll=asked if isinstance(message, PollOpened) else None)


class _Voice:
    """One language: its templates and the words of its buttons."""

    def __init__(self, locale: Locale, town: Wording, folder: Path, contact: str) -> None:
        self._locale = locale
        self._officers = OfficersText({"town": town[locale]})
        self._environment = environment(locale, self._officers, folder, contact=contact)
        self._shared: Mapping[str, object] = vars(self._environment.get_template("_labels.j2").module)

    def write(self, message: Message, on: Capabilities, *, native: NativePoll | None = None) -> str:
        template = self._environment.get_template(f"{template_name(type(message))}.j2")
        values = {field.name: getattr(message, field.name) for field in fields(message)}
        return template.render(values, network=on.title, presses=on.presses, hears=on.hears, native=native)

    def said(self, wording: Wording) -> str:
        return self._officers.fill(wording[self._locale])

    def label(self, name: str) -> str:
        return str(self._shared[name])

    def labels(self, languages: Mapping[Locale, str]) -> Labels:
        return Labels(
            languages=languages,
            subscribe=self.label("subscribe"),
            stop=self.label("stop"),
            write_in_private=self.label("write_in_private"),
            it_is_out=self.label("it_is_out"),
            send_again=self.label("send_again"),
            have_read=self.label("have_read"),
            choose=cast("Mapping[str, str]", self._shared["choose"]),
            said=self.said,
        )


def _missing(folder: Path) -> Iterator[Finding]:
    for locale in Locale:
        there = sources(folder / locale.value)
        for name in ("_labels", *map(template_name, get_args(Message))):
            if f"{name}.j2" not in there:
                file = folder / locale.value / f"{name}.j2"
                yield Finding(file=file, line=0, key="", problem="this template is missing; reinstall Parvis")
