"""The buttons under a message. Everything they do can also be typed, as the message itself says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from core.case_messages import (
    AppealDecided,
    AppealOverdue,
    MessageRestored,
    OfAppeals,
    OfCases,
    RemovalNotice,
    RemovalNoticeInGroup,
    ReportDecided,
    ReportRefused,
    StatementInGroup,
    StatementOfReasons,
)
from core.events import Choice, Command
from core.identifiers import Locale
from core.join_messages import JoinAdmitted, JoinAsked, JoinHeld, JoinUnknown
from core.messages import (
    AnnouncementPublished,
    BallotBeingRecorded,
    BallotCounted,
    BallotRefused,
    BallotWithdrawn,
    Erratum,
    FollowUp,
    Forgotten,
    HelpShown,
    LanguageChosen,
    LanguageOffered,
    Linked,
    LinkOffered,
    LinkRefused,
    Message,
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
    Withdrawn,
)
from core.place_messages import OfPlaces, PlaceNotice, PurgeDone
from core.poll import Poll, PollState
from core.post import Button, InPrivate
from core.review_messages import Reviewing
from core.staff_messages import AlertItem, DeliverySettled, SettlingRefused, StaffAlert, TrialShown
from core.wording import Wording
from templates.filters import short

LONGEST_LABEL = 64
MOST_ANSWERED = 4  # deliveries of an alert that have buttons

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What stands on buttons, in one language. ``said`` gives an officer's words in it."""

    languages: Mapping[Locale, str]
    subscribe: str
    stop: str
    write_in_private: str
    it_is_out: str
    send_again: str
    have_read: str
    choose: Mapping[str, str]
    said: Callable[[Wording], str]


_Bare: TypeAlias = (
    AnnouncementPublished
    | ResultsPublished
    | Thanks
    | FollowUp
    | Erratum
    | Withdrawn
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
    | ReportDecided
    | ReportRefused
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
    | DeliverySettled
    | SettlingRefused
    | TrialShown
    | StatementOfReasons
    | StatementInGroup
    | OfCases
    | AppealDecided
    | AppealOverdue
    | OfAppeals
    | PlaceNotice
    | PurgeDone
    | OfPlaces
    | JoinHeld
    | JoinAdmitted
    | JoinUnknown
)


def keyboard(message: Message, labels: Labels) -> Rows:
    """The rows of buttons of a message, from top to bottom."""
    if isinstance(message, _Bare):
        return ()
    match message:
        case PollOpened(poll=poll) | PollReminder(poll=poll):
            return _options(poll, labels)
        case OpenPolls(polls=polls):
            return _options(polls[0], labels) if len(polls) == 1 else ()
        case Welcome() | LanguageOffered():
            return (_languages(labels), *_offered(message, labels))
        case PrivateOnly(command=command):
            return ((Button(labels.write_in_private, InPrivate(_typed(command))),),)
        case StaffAlert() | JoinAsked():
            return _asked(message, labels)


def _asked(alert: StaffAlert | JoinAsked, labels: Labels) -> Rows:
    """What decides a case or requests, or what can be said of each delivery, where those are few."""
    if isinstance(alert, JoinAsked):
        return ((Button(labels.have_read, Command("enter")),),)
    if alert.choose:
        about = (alert.channel or str(alert.case),)
        return (tuple(Button(labels.choose[each], Command(each, about)) for each in alert.choose),)
    questions = alert.questions
    few = len(questions) <= MOST_ANSWERED
    return tuple(_answers(each, labels, alone=len(questions) == 1) for each in questions) if few else ()


def _options(poll: Poll, labels: Labels) -> Rows:
    if poll.state is not PollState.OPEN:
        return ()
    return tuple(
        (Button(short(f"{rank + 1}. {labels.said(option)}", LONGEST_LABEL), Choice(poll.id, rank)),)
        for rank, option in enumerate(poll.options)
    )


def _answers(item: AlertItem, labels: Labels, *, alone: bool) -> tuple[Button, ...]:
    """What can be said of a delivery; with its number when there are several."""
    about = "" if alone else f" ({item.delivery})"
    again = Button(f"{labels.send_again}{about}", Command("settle", (str(item.delivery), "again", item.call)))
    if item.fate != "uncertain":
        return (again,)
    return (Button(f"{labels.it_is_out}{about}", Command("settle", (str(item.delivery), "out", item.call))), again)


def _languages(labels: Labels) -> tuple[Button, ...]:
    return tuple(Button(name, Command("language", (locale.value,))) for locale, name in labels.languages.items())


def _offered(message: Welcome | LanguageOffered, labels: Labels) -> Rows:
    return ((_news(labels, subscribed=message.subscribed),),) if isinstance(message, Welcome) else ()


def _news(labels: Labels, *, subscribed: bool) -> Button:
    if subscribed:
        return Button(labels.stop, Command("stop"))
    return Button(labels.subscribe, Command("subscribe"))


def _typed(command: str) -> Command:
    name, *arguments = command.removeprefix("/").split()
    return Command(name, tuple(arguments))
