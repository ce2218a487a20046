"""The buttons under a message. Everything they do can also be typed, as the message itself says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from core.events import Choice, Command
from core.identifiers import Locale
from core.messages import (
    AnnouncementPublished,
    BallotBeingRecorded,
    BallotCounted,
    BallotRefused,
    BallotWithdrawn,
    FollowUp,
    Forgotten,
    HelpShown,
    LanguageChosen,
    LanguageOffered,
    Linked,
    LinkOffered,
    LinkRefused,
    Message,
    MessageRestored,
    MyData,
    MyVotes,
    NotLinked,
    NotRecorded,
    OpenPolls,
    OpinionAsked,
    OpinionKept,
    PollOpened,
    PollReminder,
    PrivateOnly,
    RemovalNotice,
    RemovalNoticeInGroup,
    RemovalReason,
    ReportOfOurs,
    ReportTaken,
    ResultsPublished,
    RulesShown,
    Subscribed,
    Thanks,
    UnknownButton,
    UnknownCommand,
    Unlinked,
    Unsubscribed,
    Welcome,
)
from core.poll import Poll, PollState
from core.post import Button, InPrivate
from core.review_messages import Reviewing
from core.wording import Wording
from templates.filters import short

LONGEST_LABEL = 64

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What stands on buttons, in one language. ``said`` gives an officer's words in it."""

    languages: Mapping[Locale, str]
    subscribe: str
    stop: str
    write_in_private: str
    said: Callable[[Wording], str]


_Bare: TypeAlias = (
    AnnouncementPublished
    | ResultsPublished
    | Thanks
    | FollowUp
    | RemovalNotice
    | RemovalNoticeInGroup
    | MessageRestored
    | BallotCounted
    | BallotWithdrawn
    | BallotBeingRecorded
    | BallotRefused
    | NotRecorded
    | UnknownButton
    | ReportTaken
    | ReportOfOurs
    | OpinionAsked
    | OpinionKept
    | RemovalReason
    | HelpShown
    | LanguageChosen
    | Subscribed
    | Unsubscribed
    | LinkOffered
    | Linked
    | LinkRefused
    | Unlinked
    | NotLinked
    | MyVotes
    | RulesShown
    | MyData
    | Forgotten
    | UnknownCommand
    | Reviewing
)


def keyboard(message: Message, labels: Labels) -> Rows:
    """The rows of buttons of a message, from top to bottom."""
    if isinstance(message, _Bare):
        return ()
    match message:
        case PollOpened(poll=poll) | PollReminder(poll=poll) | OpenPolls(polls=(poll,)):
            return _options(poll, labels)
        case Welcome(subscribed=subscribed):
            return (_languages(labels), (_news(labels, subscribed=subscribed),))
        case LanguageOffered():
            return (_languages(labels),)
        case OpenPolls():
            return ()
        case PrivateOnly(command=command):
            return ((Button(labels.write_in_private, InPrivate(_typed(command))),),)


def _options(poll: Poll, labels: Labels) -> Rows:
    if poll.state is not PollState.OPEN:
        return ()
    return tuple(
        (Button(short(f"{rank + 1}. {labels.said(option)}", LONGEST_LABEL), Choice(poll.id, rank)),)
        for rank, option in enumerate(poll.options)
    )


def _languages(labels: Labels) -> tuple[Button, ...]:
    return tuple(Button(name, Command("language", (locale.value,))) for locale, name in labels.languages.items())


def _news(labels: Labels, *, subscribed: bool) -> Button:
    if subscribed:
        return Button(labels.stop, Command("stop"))
    return Button(labels.subscribe, Command("subscribe"))


def _typed(command: str) -> Command:
    name, *arguments = command.removeprefix("/").split()
    return Command(name, tuple(arguments))
