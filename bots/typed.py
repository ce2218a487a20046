"""Reading a ballot that was typed: which poll, which options.

«/vote 2» when one poll is open; «/vote parc 1 3» where «parc» is the end of a poll's name; «/vote oui», «/vote park,
pool» in the words of the options. Numbers count from 1 and are never read as the name of a poll.
"""

from collections.abc import Mapping, Sequence

from core.folding import fold, words
from core.poll import Poll, PollState

Ranks = Mapping[tuple[str, ...], int | None]

_LONGEST_NUMBER = 3  # digits: no poll has a thousand options
_LONGEST_ANSWER = 2000  # characters: whoever types the words of more than a few options gives their numbers instead


def named(argument: str, polls: Sequence[Poll]) -> Poll | None:
    """The poll that this is the name of, or the end of the name of and of no other; an open one goes before others."""
    name = fold(argument)
    if name.isdecimal():
        return None
    exact = [poll for poll in polls if poll.id == name]
    ending = [poll for poll in polls if poll.id.endswith((f"_{name}", f"-{name}"))] if name else []
    opened = [poll for poll in ending if poll.state is PollState.OPEN]
    return next((found[0] for found in (exact, opened, ending) if len(found) == 1), None)


def looks_like_a_name(argument: str) -> bool:
    """Whether this can only be meant as the name of a poll."""
    return "_" in argument


def options(poll: Poll, arguments: Sequence[str]) -> tuple[int, ...] | None:
    """The options that were typed, by rank from 0 (perhaps one that the poll lacks); None when they mean nothing."""
    text = " ".join(arguments)
    if len(text) > _LONGEST_ANSWER:
        return None
    numbers = text.replace(",", " ").split()
    if numbers and all(_is_number(number) for number in numbers):
        return tuple(int(number) - 1 for number in numbers) if len(numbers) <= len(poll.options) else None
    ranks = _ranks(poll)
    whole = _rank(ranks, text)  # the words of an option may hold a comma
    return _listed(poll, ranks, text.split(",")) if whole is None else (whole,)


def _listed(poll: Poll, ranks: Ranks, phrases: Sequence[str]) -> tuple[int, ...] | None:
    known: list[int] = []
    for phrase in phrases if len(phrases) <= len(poll.options) else ():
        rank = _rank(ranks, phrase)
        if rank is None:
            return None
        known.append(rank)
    return tuple(known) or None


def _ranks(poll: Poll) -> Ranks:
    """The rank of each option by its words in either language; None for words that options share."""
    ranks: dict[tuple[str, ...], int | None] = {}
    for rank, option in enumerate(poll.options):
        for said in {words(option.fr), words(option.en)}:
            ranks[said] = None if said in ranks else rank
    return ranks


def _rank(ranks: Ranks, phrase: str) -> int | None:
    said = words(phrase)
    if len(said) == 1 and _is_number(said[0]):
        return int(said[0]) - 1
    return ranks.get(said) if said else None


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _LONGEST_NUMBER
