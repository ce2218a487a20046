"""The commands, as data: what each is called, and where it may be given.

The first name is the one shown in menus and in every sentence; the French ones are understood as well. Case and accents
do not matter.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.folding import fold


class Name(StrEnum):
    """What a command is called everywhere."""

    START = "start"
    HELP = "help"
    POLLS = "polls"
    VOTE = "vote"
    MYVOTE = "myvote"
    WITHDRAW = "withdraw"
    LANGUAGE = "language"
    SUBSCRIBE = "subscribe"
    STOP = "stop"
    LINK = "link"
    UNLINK = "unlink"
    OPINION = "opinion"
    RULES = "rules"
    REPORT = "report"
    APPEAL = "appeal"
    MYDATA = "mydata"
    FORGETME = "forgetme"


class Where(StrEnum):
    """Where a command may be given. A pressed button is answered to the presser alone, also in a group."""

    ANYWHERE = "anywhere"
    IN_PRIVATE = "in_private"
    IN_PRIVATE_OR_PRESSED = "in_private_or_pressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command. ``aliases`` are other words for it, folded."""

    name: Name
    aliases: tuple[str, ...]
    where: Where


COMMANDS: tuple[Entry, ...] = (
    Entry(name=Name.START, aliases=("demarrer", "commencer"), where=Where.IN_PRIVATE),
    Entry(name=Name.HELP, aliases=("aide",), where=Where.ANYWHERE),
    Entry(name=Name.POLLS, aliases=("sondages", "consultations"), where=Where.ANYWHERE),
    Entry(name=Name.VOTE, aliases=("voter",), where=Where.IN_PRIVATE_OR_PRESSED),
    Entry(name=Name.MYVOTE, aliases=("monvote", "mesvotes", "myvotes"), where=Where.IN_PRIVATE),
    Entry(name=Name.WITHDRAW, aliases=("retirer",), where=Where.IN_PRIVATE_OR_PRESSED),
    Entry(name=Name.LANGUAGE, aliases=("langue",), where=Where.IN_PRIVATE_OR_PRESSED),
    Entry(name=Name.SUBSCRIBE, aliases=("abonner", "sabonner"), where=Where.IN_PRIVATE_OR_PRESSED),
    Entry(name=Name.STOP, aliases=("arreter", "desabonner", "unsubscribe"), where=Where.IN_PRIVATE_OR_PRESSED),
    Entry(name=Name.LINK, aliases=("lier", "relier"), where=Where.IN_PRIVATE),
    Entry(name=Name.UNLINK, aliases=("delier",), where=Where.IN_PRIVATE),
    Entry(name=Name.OPINION, aliases=("avis",), where=Where.IN_PRIVATE),
    Entry(name=Name.RULES, aliases=("regles", "charte"), where=Where.ANYWHERE),
    Entry(name=Name.REPORT, aliases=("signaler",), where=Where.ANYWHERE),
    Entry(name=Name.APPEAL, aliases=("contester", "recours"), where=Where.IN_PRIVATE),
    Entry(name=Name.MYDATA, aliases=("mesdonnees", "donnees"), where=Where.IN_PRIVATE),
    Entry(name=Name.FORGETME, aliases=("oubliemoi", "oubliezmoi"), where=Where.IN_PRIVATE),
)

WHERE = {entry.name: entry.where for entry in COMMANDS}
_BY_WORD = {word: entry for entry in COMMANDS for word in (entry.name.value, *entry.aliases)}


def find(word: str) -> Entry | None:
    """The command that this word names, if any."""
    return _BY_WORD.get(fold(word))
