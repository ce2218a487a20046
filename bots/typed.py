"""Reading a ballot that was typed: which poll, which options.

«/vote 2» when one poll is open; «/vote parc 1 3» where «parc» is the end of a poll's name; «/vote oui», «/vote park,
pool» in the words of the options. Numbers count from 1 and are never read as the name of a poll.
"""

from collections.abc import Sequence

from core.folding import fold, words
from core.poll import Poll, PollState

_LONGEST_NUMBER = 3  # digits: no poll has a thousand options


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
    numbers = " ".join(arguments).replace(",", " ").split()
    if numbers and all(_is_number(number) for number in numbers):
        return tuple(int(number) - 1 for number in numbers)
    found = [_option(poll, phrase) for phrase in _phrases(poll, " ".join(arguments))]
    known = tuple(option for option in found if option is not None)
    return known if known and len(known) == len(found) else None


def _phrases(poll: Poll, text: str) -> list[str]:
    """The text whole when it is one option (whose words may hold a comma), else what stands between commas."""
    return [text] if _option(poll, text) is not None else text.split(",")


def _option(poll: Poll, phrase: str) -> int | None:
    said = words(phrase)
    if len(said) == 1 and _is_number(said[0]):
        return int(said[0]) - 1
    matches = [rank for rank, option in enumerate(poll.options) if said in {words(option.fr), words(option.en)}]
    return matches[0] if said and len(matches) == 1 else None


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _LONGEST_NUMBER
