"""What pre-flight finds in a campaign before it goes out: one class for each thing, with what its sentence needs.

``place`` is the key of the campaign file, as ``parvis check`` writes it (``announcements.news.body.fr``), or the
account and channel of the configuration. The sentences, each with its cure, stand in ``templates/``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.identifiers import AccountName, CampaignId, ChannelName, Locale, StepName


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing to mend, or to look at, before people read it."""

    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageMissing(Concern):
    """A text is empty in this language, or is the other language's, word for word."""

    locale: Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageDoubtful(Concern):
    """A text reads as if it were written in the other language."""

    locale: Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionMissing(Concern):
    """The description of a picture says nothing of what it shows."""

    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionTooLong(Concern):
    """In characters."""

    network: str
    needs: int
    allows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureGone(Concern):
    """The file cannot be read."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTooHeavy(Concern):
    """In bytes."""

    network: str
    needs: int
    allows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLong(Concern):
    """A text takes so many messages of a network that nobody reads it; ``allows`` is the characters of one."""

    network: str
    locale: Locale
    messages: int
    most: int
    allows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided(Concern):
    """A text goes out in several messages, each in reply to the one before."""

    network: str
    locale: Locale
    messages: int
    allows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsendable(Concern):
    """The function that sends refuses the message. ``detail`` is in its words."""

    network: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUnknown(Concern):
    """The configuration knows no channel of this name, or no more."""

    channel: ChannelName


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPast(Concern):
    """The instant of a step has passed. ``at`` is aware, in the campaign's zone."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePast(Concern):
    """A day that has passed when the text goes out."""

    said: str
    day: date
    out: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayWrong(Concern):
    """The day of the week is not that of the date. ``weekday`` is the one written: 0 is Monday."""

    said: str
    day: date
    weekday: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DateImpossible(Concern):
    """No calendar has this date."""

    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HashtagUnreadable(Concern):
    """A screen reader reads the words of a hashtag as one. ``better`` is empty where they are not known."""

    said: str
    better: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HardToRead(Concern):
    """``score`` is the LIX; ``longest`` the words of the longest sentence, which ``begins`` so."""

    score: int
    limit: int
    longest: int
    begins: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicate(Concern):
    """Nearly the same goes out, or went out, in the same place within a day. ``at`` is aware, in the zone."""

    campaign: CampaignId
    step: StepName
    at: datetime


class Trouble(StrEnum):
    """Why a link leads nowhere."""

    NO_ADDRESS = "no_address"  # of that name
    NO_ANSWER = "no_answer"  # in time, or at all
    GONE = "gone"  # an answer of 400 and more
    REFUSED = "refused"  # to a program, perhaps not to people
    TOO_MANY_TURNS = "too_many_turns"
    NOT_PUBLIC = "not_public"  # an address inside, or a kind of link that citizens cannot follow
    INSECURE = "insecure"  # its certificate is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDead(Concern):
    """Whoever follows this link finds nothing. ``detail`` is a number, or the words of whoever refused."""

    url: str
    trouble: Trouble
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefused(Concern):
    """The network does not know the account's token, or no more. ``detail`` is in its words."""

    account: AccountName
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady(Concern):
    """The account, or its rights in a chat, do not let anything go out. The words are those of ``parvis doctor``."""

    account: AccountName
    detail: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAsked(Concern):
    """The network could not be asked about token and rights."""

    account: AccountName
    detail: str


BLOCKING = (
    LanguageMissing,
    DescriptionMissing,
    DescriptionTooLong,
    PictureGone,
    PictureTooHeavy,
    TooLong,
    Unsendable,
    ChannelUnknown,
    StepPast,
    DatePast,
    TokenRefused,
    NotReady,
)
WARNING = (
    LanguageDoubtful,
    Divided,
    WeekdayWrong,
    DateImpossible,
    HashtagUnreadable,
    HardToRead,
    NearDuplicate,
    LinkDead,
    NotAsked,
)


def blocks(concern: Concern) -> bool:
    """Whether the campaign must not go out as it is."""
    return isinstance(concern, BLOCKING)
