"""The people of the town hall who work with Parvis: who they are, what each may do, and how they prove it.

They are named in the configuration. A town that names nobody is run by whoever is at its machine, the *console*: that
is enough to try Parvis, and for a town where one person does everything. Once somebody is named, nothing is done
without a name, and what goes out needs an approval.

Whoever does something is known by a key, never by an account: the audit log holds nothing else about them. A person
proves who they are by a chat account of theirs, by the number that its network gave it (names are given up, and taken
by others), or by a token. A token is 32 random bytes, so that only its SHA-256 is kept: there is no dictionary to try,
and a slow hash, made for passwords, would protect nothing more.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from core.identifiers import AccountName, MemberKey

CONSOLE = MemberKey("console")  # whoever is at the machine of a town that names nobody
SERVICE = MemberKey("service")  # the running service, which does what was decided before
CITIZEN = MemberKey("citizen")  # somebody of the town, whoever: the log never says who
RESERVED = frozenset({CONSOLE, SERVICE, CITIZEN})
_RANDOM = 32  # bytes of a token
_APART = "."


class Role(StrEnum):
    """What somebody may do; each may also do what those above it in this list may."""

    READER = "reader"
    MODERATOR = "moderator"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        """From 0; the higher may more."""
        return list(Role).index(self)


class Approval(StrEnum):
    """Who approves what goes out."""

    FOUR_EYES = "four-eyes"  # another person than who asked for it
    SOLO = "solo"  # also the same person, who then has ten minutes to think again


class Act(StrEnum):
    """What somebody does that changes what the town says, or that was said; the audit log holds each."""

    SUBMIT = "submit"
    APPROVE = "approve"
    APPROVE_ALONE = "approve-alone"  # nobody else saw it
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SCHEDULE = "schedule"  # what was approved
    START = "start"
    UPDATE = "update"
    MOVE = "move"
    SKIP = "skip"
    RESUME = "resume"  # what was skipped
    CANCEL = "cancel"
    HOLD = "hold"
    RELEASE = "release"
    FREEZE = "freeze"
    THAW = "thaw"
    LET_OUT = "let-out"
    SETTLE = "settle"
    CATCH_UP = "catch-up"
    CORRECT = "correct"
    ERRATUM = "erratum"
    RETRACT = "retract"
    UNPIN = "unpin"
    OPEN_CASE = "open-case"
    JOIN_CASE = "join-case"  # one more message of its author
    REMOVE_MESSAGE = "remove-message"
    HIDE_MESSAGE = "hide-message"  # until a moderator has looked at it
    RESTORE_MESSAGE = "restore-message"
    PURGE = "purge"  # many messages of a discussion at once
    KEEP_MESSAGE = "keep-message"  # it may stand
    SETTLE_CASE = "settle-case"  # what became of its message
    REMIND = "remind"  # of an article; it counts for nothing
    WARN = "warn"
    MUTE = "mute"
    BAN = "ban"
    PROPOSE_BAN = "propose-ban"  # for ever: somebody else decides
    LIMIT = "limit"  # on their whole server
    SUSPEND = "suspend"  # their account on their server
    PROPOSE_SUSPENSION = "propose-suspension"  # somebody else decides
    ADVISE = "advise"  # what the ladder says of the author, where no rule may order it
    EXPLAIN_CASE = "explain-case"  # what its author is told of the reasons
    NOTE_CASE = "note-case"  # for colleagues
    ASSIGN_CASE = "assign-case"
    READ_CASE = "read-case"
    APPEAL = "appeal"
    RECORD_APPEAL = "record-appeal"  # that came by mail
    OWN_UP = "own-up"  # that nobody answered an appeal in time
    ACCEPT_APPEAL = "accept-appeal"
    REFUSE_APPEAL = "refuse-appeal"
    FALSE_ALARM = "false-alarm"  # of an article, by what was decided on an appeal
    DROP_RULE = "drop-rule"  # of what an article does by itself, after too many of them
    REPLAY = "replay"  # the journal of the debates, through a charter
    MOVE_REPLY = "move-reply"
    SANCTION = "sanction"  # somebody, or a chat
    SECOND = "second"  # a sanction that another person proposed
    LIFT = "lift"  # a sanction
    ADMIT = "admit"  # those who asked to join
    DECLINE = "decline"
    PUT_BACK = "put-back"  # an update that was set aside
    GIVE_TOKEN = "give-token"  # noqa: S105  the name of an act
    REVOKE_TOKEN = "revoke-token"  # noqa: S105  the name of an act


_OF_MODERATORS = (
    Act.OPEN_CASE,
    Act.JOIN_CASE,
    Act.REMOVE_MESSAGE,
    Act.HIDE_MESSAGE,
    Act.RESTORE_MESSAGE,
    Act.PURGE,
    Act.KEEP_MESSAGE,
    Act.SETTLE_CASE,
    Act.REMIND,
    Act.WARN,
    Act.MUTE,
    Act.BAN,
    Act.PROPOSE_BAN,
    Act.LIMIT,
    Act.SUSPEND,
    Act.PROPOSE_SUSPENSION,
    Act.ADVISE,
    Act.EXPLAIN_CASE,
    Act.NOTE_CASE,
    Act.ASSIGN_CASE,
    Act.READ_CASE,
    Act.APPEAL,
    Act.RECORD_APPEAL,
    Act.OWN_UP,
    Act.ACCEPT_APPEAL,
    Act.REFUSE_APPEAL,
    Act.FALSE_ALARM,
    Act.DROP_RULE,
    Act.REPLAY,
    Act.ADMIT,
    Act.DECLINE,
)

RIGHTS: Mapping[Act, Role] = MappingProxyType(
    {
        **dict.fromkeys(Act, Role.OFFICER),
        **dict.fromkeys(_OF_MODERATORS, Role.MODERATOR),
        Act.MOVE_REPLY: Role.MODERATOR,
        Act.SANCTION: Role.MODERATOR,
        Act.SECOND: Role.MODERATOR,
        Act.LIFT: Role.MODERATOR,
        Act.PUT_BACK: Role.ADMINISTRATOR,
        Act.GIVE_TOKEN: Role.ADMINISTRATOR,
        Act.REVOKE_TOKEN: Role.ADMINISTRATOR,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of the staff. ``accounts``: by the town's name for the bot that hears them, the number of their account."""

    key: MemberKey
    name: str
    role: Role
    accounts: Mapping[AccountName, str] = field(default_factory=dict)

    def may(self, act: Act) -> bool:
        """Whether their role is enough for it."""
        return self.role.rank >= RIGHTS[act].rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Everybody of the staff; nobody in a town that is run from its console."""

    members: tuple[Member, ...] = ()
    approval: Approval = Approval.FOUR_EYES

    @property
    def is_named(self) -> bool:
        """Whether anybody is: then nothing is done without a name, and nothing goes out unapproved."""
        return bool(self.members)

    def member(self, key: MemberKey) -> Member | None:
        """Whose key it is."""
        return next((each for each in self.members if each.key == key), None)

    def name_of(self, key: MemberKey) -> str:
        """What colleagues call somebody; the key of who is not named any more."""
        member = self.member(key)
        return key if member is None else member.name

    def behind(self, account: AccountName, number: str) -> Member | None:
        """Whose chat account it is: ``number`` is what its network calls it, ``account`` the bot that hears it."""
        return next((each for each in self.members if number and each.accounts.get(account) == number), None)

    def may(self, who: MemberKey, act: Act) -> bool:
        """Whether they may do it; nobody may who is not known."""
        if not self.is_named:
            return who == CONSOLE
        member = self.member(who)
        return member is not None and member.may(act)

    def those_who_may(self, act: Act) -> tuple[Member, ...]:
        """All who may do it."""
        return tuple(each for each in self.members if each.may(act))

    def may_approve(self, who: MemberKey, *, asked_by: MemberKey) -> bool:
        """Whether they may approve what this person asked for."""
        return self.may(who, Act.APPROVE) and (self.approval is Approval.SOLO or who != asked_by)


def new_token(key: MemberKey) -> str:
    """Make a token for somebody: their key, and what nobody can guess."""
    return f"{key}{_APART}{secrets.token_urlsafe(_RANDOM)}"


def bearer(token: str) -> MemberKey:
    """Whose token it says it is."""
    return MemberKey(token.partition(_APART)[0])


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def is_proven(token: str, kept: str | None) -> bool:
    """Whether the token is the one of which this is kept; compared in constant time."""
    return kept is not None and hmac.compare_digest(digest_of(token), kept)
