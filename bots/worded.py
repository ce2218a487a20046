"""A ballot in plain words, where there are no buttons: «2», «option 2», the words of an option, in answer to a poll.

Only a message that can be acknowledged to its author alone is read so (its handle has a ``press``). What is no ballot
is an opinion, and stays one: a number inside a sentence is never a vote. What is nearly a ballot («opton 2», «les
cersiers») is asked for again, never guessed. An edited message changes no vote: networks do
not tell of every edit, and a rule that holds only sometimes is none.
"""

import re
from difflib import SequenceMatcher

from bots.catalogue import Name
from bots.desk import Desk, Request
from bots.typed import options
from core.events import MessagePosted
from core.folding import fold, words
from core.identifiers import Address
from core.messages import PollOpened, PollReminder
from core.poll import Poll, PollState
from core.ports.store import Books
from core.post import UNSAID

_AROUND = frozenset(
    {
        "option",
        "options",
        "choix",
        "vote",
        "votes",
        "voter",
        "je",
        "reponse",
        "reponses",
        "numero",
        "no",
        "n",
        "le",
        "la",
    }
    | {"et", "pour", "mon", "answer", "answers", "choice", "i", "my", "number", "the", "and", "for"}
)
_SEPARATORS = re.compile(r"[\s,;.:!+&/()«»\"'’°-]+")
_MOST_WORDS = 12  # of a ballot: «je vote pour les réponses 1, 3 et 4»
_ALIKE = 0.85  # of the letters of what was meant, in their order
_SHORTEST_SLIP = 5  # letters: two short words that differ by one are two words
_LONGEST_SLIP = 200  # characters


def ballot(desk: Desk, books: Books, event: MessagePosted) -> Request | None:
    """The typed command that this message amounts to; None when it is no ballot."""
    if event.handle.press is None or event.edited:
        return None
    poll = _answered(desk, books, event)
    arguments = _arguments(poll, event.text) if poll is not None else _alone(books, event)
    if arguments is None:
        return None
    return Request(
        received=event.received, person=event.person, handle=event.handle, name=Name.VOTE, arguments=arguments
    )


def _answered(desk: Desk, books: Books, event: MessagePosted) -> Poll | None:
    """The poll that the message answers directly; an answer to somebody else's words is no ballot."""
    if event.answers is None:
        return None
    places = _where_it_may_stand(desk, event)
    found = (books.deliveries.of_message(desk.account, place, event.answers) for place in places)
    number = next((each for each in found if each is not None), None)
    delivery = books.deliveries.get(number) if number is not None else None
    if delivery is None or not isinstance(delivery.message, PollOpened | PollReminder):
        return None
    return books.polls.get(delivery.message.poll.id)


def _where_it_may_stand(desk: Desk, event: MessagePosted) -> tuple[Address, ...]:
    """The places of what is answered. Where messages are answered so, one in public may be answered in private."""
    if not event.handle.private:
        return (event.handle.chat,) if event.handle.chat is not None else ()
    ours = [channel for channel in desk.town.channels if channel.account == desk.account]
    public = [place for channel in ours for place in (channel.address, channel.discussion) if place is not None]
    return (UNSAID, *dict.fromkeys(public))


def _alone(books: Books, event: MessagePosted) -> tuple[str, ...] | None:
    """What a ballot in private is about when it answers no poll: the only open one, else they name it."""
    if not event.handle.private:
        return None
    opened = [poll for poll in books.polls.all(state=PollState.OPEN) if poll.is_open(event.received.at)]
    if len(opened) == 1:
        return _arguments(opened[0], event.text)
    return (_numbers(event.text) or None) if opened else None


def _arguments(poll: Poll, text: str) -> tuple[str, ...] | None:
    """What would follow «/vote»; None for words that are no ballot."""
    said = words(text)
    if not said or len(said) > _MOST_WORDS:
        return None
    whole = options(poll, (text.strip(),))
    if whole is not None:
        return _typed(poll, whole)
    numbers = _numbers(text)
    if numbers:
        return (poll.id, *numbers)
    chosen = options(poll, (" ".join(_left(text)),))
    if chosen is not None:
        return _typed(poll, chosen)
    return (poll.id, *said) if _slipped(poll, said, text) else None


def _slipped(poll: Poll, said: tuple[str, ...], text: str) -> bool:
    """Whether this is nearly the words of an option, or nearly «option 2»."""
    if len(text) > _LONGEST_SLIP:
        return False
    left = _left(text)
    odd = [word for word in left if not word.isdecimal()]
    if len(odd) < len(left):
        return len(odd) == 1 and any(_alike(odd[0], word) for word in _AROUND if len(word) >= _SHORTEST_SLIP)
    meant = {words(option) for each in poll.options for option in (each.fr, each.en)}
    return any(len(option) == len(said) and _alike(" ".join(said), " ".join(option)) for option in meant)


def _alike(said: str, meant: str) -> bool:
    return SequenceMatcher(None, said, meant, autojunk=False).ratio() >= _ALIKE


def _numbers(text: str) -> tuple[str, ...]:
    """The numbers of a text that holds nothing else of weight."""
    left = _left(text)
    return left if all(word.isdecimal() for word in left) else ()


def _left(text: str) -> tuple[str, ...]:
    return tuple(word for word in _SEPARATORS.split(fold(text)) if word and word not in _AROUND)


def _typed(poll: Poll, chosen: tuple[int, ...]) -> tuple[str, ...]:
    return (poll.id, *(str(option + 1) for option in chosen))
