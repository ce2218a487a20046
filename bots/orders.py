"""The commands of moderators, as data; who gives one, and what it is about.

They stand in no menu for citizens, and to everybody but linked staff with the right they do not exist. A command is
about the message that it answers, or else about the case whose number comes first; some are about a whole discussion,
see ``bots.places``:

    /note spoke to her on the phone          in reply to a message that has a case, or not yet
    /note 12 spoke to her on the phone       anywhere
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.desk import Desk
from core.citizen import Person
from core.events import ButtonPressed, Choice, Command, CommandGiven, Handle, Target
from core.folding import fold
from core.identifiers import Address, CaseNumber, MessageId
from core.staff import Act, Member

MOST_DIGITS = 18  # what a database can count


class Verb(StrEnum):
    """What a command of moderators is called everywhere."""

    CASES = "cases"
    CASE = "case"
    TAKE = "take"
    NOTE = "note"
    REASON = "reason"
    WARN = "warn"
    DELETE = "del"
    KEEP = "keep"
    MUTE = "mute"
    BAN = "ban"
    UNMUTE = "unmute"
    UNBAN = "unban"
    LIMIT = "limit"
    UNLIMIT = "unlimit"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    SECOND = "second"
    ACCEPT = "accept"
    REFUSE = "refuse"
    SLOW_MODE = "slowmode"
    LOCK = "lock"
    UNLOCK = "unlock"
    PURGE = "purge"
    ADMIT = "admit"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One way to give a command, folded. ``silent``: the author is not told; ``removes``: the message is taken out."""

    verb: Verb
    silent: bool = False
    removes: bool = False


ACTS = {
    Verb.CASES: Act.READ_CASE,
    Verb.CASE: Act.READ_CASE,
    Verb.TAKE: Act.ASSIGN_CASE,
    Verb.NOTE: Act.NOTE_CASE,
    Verb.REASON: Act.EXPLAIN_CASE,
    Verb.WARN: Act.WARN,
    Verb.DELETE: Act.REMOVE_MESSAGE,
    Verb.KEEP: Act.KEEP_MESSAGE,
    Verb.MUTE: Act.MUTE,
    Verb.BAN: Act.BAN,
    Verb.UNMUTE: Act.LIFT,
    Verb.UNBAN: Act.LIFT,
    Verb.LIMIT: Act.LIMIT,
    Verb.UNLIMIT: Act.LIFT,
    Verb.SUSPEND: Act.SUSPEND,
    Verb.UNSUSPEND: Act.LIFT,
    Verb.SECOND: Act.SECOND,
    Verb.ACCEPT: Act.ACCEPT_APPEAL,
    Verb.REFUSE: Act.REFUSE_APPEAL,
    Verb.SLOW_MODE: Act.SANCTION,
    Verb.LOCK: Act.SANCTION,
    Verb.UNLOCK: Act.LIFT,
    Verb.PURGE: Act.PURGE,
    Verb.ADMIT: Act.ADMIT,
    Verb.DECLINE: Act.DECLINE,
}
OF_SERVER = frozenset({Verb.LIMIT, Verb.SUSPEND})  # where the network has it
SPELLINGS = {
    **dict.fromkeys(("cases", "dossiers"), Spelling(verb=Verb.CASES)),
    **dict.fromkeys(("case", "dossier"), Spelling(verb=Verb.CASE)),
    **dict.fromkeys(("take", "prendre"), Spelling(verb=Verb.TAKE)),
    **dict.fromkeys(("note", "noter"), Spelling(verb=Verb.NOTE)),
    **dict.fromkeys(("reason", "motif"), Spelling(verb=Verb.REASON)),
    **dict.fromkeys(("warn", "avertir"), Spelling(verb=Verb.WARN)),
    "swarn": Spelling(verb=Verb.WARN, silent=True),
    "dwarn": Spelling(verb=Verb.WARN, removes=True),
    **dict.fromkeys(("del", "supprimer"), Spelling(verb=Verb.DELETE, removes=True)),
    **dict.fromkeys(("keep", "garder"), Spelling(verb=Verb.KEEP)),
    **dict.fromkeys(("mute", "silence"), Spelling(verb=Verb.MUTE)),
    **dict.fromkeys(("ban", "exclure"), Spelling(verb=Verb.BAN)),
    "smute": Spelling(verb=Verb.MUTE, silent=True),
    "sban": Spelling(verb=Verb.BAN, silent=True),
    "unmute": Spelling(verb=Verb.UNMUTE),
    "unban": Spelling(verb=Verb.UNBAN),
    **dict.fromkeys(("limit", "limiter"), Spelling(verb=Verb.LIMIT)),
    "unlimit": Spelling(verb=Verb.UNLIMIT),
    **dict.fromkeys(("suspend", "suspendre"), Spelling(verb=Verb.SUSPEND)),
    "unsuspend": Spelling(verb=Verb.UNSUSPEND),
    **dict.fromkeys(("second", "appuyer"), Spelling(verb=Verb.SECOND)),
    **dict.fromkeys(("accept", "accepter"), Spelling(verb=Verb.ACCEPT)),
    **dict.fromkeys(("refuse", "refuser"), Spelling(verb=Verb.REFUSE)),
    "sdel": Spelling(verb=Verb.DELETE, silent=True, removes=True),
    **dict.fromkeys(("slowmode", "ralentir"), Spelling(verb=Verb.SLOW_MODE)),
    **dict.fromkeys(("lock", "fermer"), Spelling(verb=Verb.LOCK)),
    **dict.fromkeys(("unlock", "ouvrir"), Spelling(verb=Verb.UNLOCK)),
    **dict.fromkeys(("purge", "nettoyer"), Spelling(verb=Verb.PURGE)),
    **dict.fromkeys(("admit", "admettre"), Spelling(verb=Verb.ADMIT)),
    **dict.fromkeys(("decline", "decliner"), Spelling(verb=Verb.DECLINE)),
    "spurge": Spelling(verb=Verb.PURGE, silent=True),
    "sslowmode": Spelling(verb=Verb.SLOW_MODE, silent=True),
    "slock": Spelling(verb=Verb.LOCK, silent=True),
    "sunlock": Spelling(verb=Verb.UNLOCK, silent=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """A command of a moderator. ``target`` is the message that it answers, ``words`` what follows its name.

    ``place`` is the chat that it was given in, where that is told and others read it; ``about`` where a message stands
    that has a case already.
    """

    spelling: Spelling
    member: Member
    person: Person
    handle: Handle
    at: datetime
    words: tuple[str, ...]
    target: Target | None
    place: Address | None = None
    about: tuple[Address, MessageId] | None = None

    @property
    def number(self) -> CaseNumber | None:
        """The case that it names, where it answers no message."""
        first = self.words[0] if self.words and self.target is None and self.about is None else ""
        return CaseNumber(int(first)) if first.isascii() and first.isdecimal() and len(first) <= MOST_DIGITS else None

    @property
    def rest(self) -> tuple[str, ...]:
        """What follows the number of the case."""
        return self.words if self.number is None else self.words[1:]


def ordered(desk: Desk, event: ButtonPressed | CommandGiven) -> Instruction | None:
    """The order that an event is; None for anything else, and for what somebody without the right sends."""
    action = event.action if isinstance(event, ButtonPressed) else event.command
    spelling = SPELLINGS.get(fold(action.name)) if isinstance(action, Command) else None
    if spelling is None or not isinstance(action, Command) or (isinstance(event, CommandGiven) and event.followed):
        return None
    member = desk.staff.behind(desk.account, event.person.number)
    if member is None or not member.may(ACTS[spelling.verb]):
        return None
    return Instruction(
        spelling=spelling,
        member=member,
        person=event.person,
        handle=event.handle,
        at=event.received.at,
        words=tuple(" ".join(action.arguments).split()),
        target=event.target if isinstance(event, CommandGiven) else None,
        place=_place(event),
        about=event.about if isinstance(event, CommandGiven) else None,
    )


def is_of_moderators(action: Choice | Command) -> bool:
    """Whether it is a command of theirs, whoever gives it."""
    return isinstance(action, Command) and fold(action.name) in SPELLINGS


def _place(event: ButtonPressed | CommandGiven) -> Address | None:
    given = event.place if isinstance(event, CommandGiven) else None
    return given or (None if event.handle.private else event.handle.chat)
