"""Sentences that were mended after reading a whole campaign as a citizen would: each could mislead somebody."""

import pytest

from core.case_messages import MessageRestored
from core.identifiers import CaseNumber, Locale
from core.messages import Kept, MyData, OpenPolls, PollOpened, Thanks, UnknownCommand
from core.poll import Poll
from templates.render import JinjaWords
from tests.templates.examples import CLOSED, MULTIPLE, POLL, TELEGRAM, ZONE


def said(words: JinjaWords, message: UnknownCommand | Thanks | PollOpened | OpenPolls | MyData, locale: Locale) -> str:
    """The characters of the message on Telegram."""
    return words.post(message, locale, TELEGRAM).text.plain


@pytest.mark.parametrize(
    ("locale", "warning"),
    [(Locale.FR, "Personne à la mairie ne lit"), (Locale.EN, "Nobody at the town hall reads")],
)
def test_who_writes_to_the_bot_learns_that_nobody_reads_it(words: JinjaWords, locale: Locale, warning: str) -> None:
    """Most of what is no command is a question to the town hall, whose author waits for an answer."""
    assert warning in said(words, UnknownCommand(), locale)


@pytest.mark.parametrize(("locale", "thanked"), [(Locale.FR, "Vous avez répondu"), (Locale.EN, "You told us")])
@pytest.mark.parametrize(("voters", "is_thanked"), [(0, False), (1, True)])
def test_nobody_is_thanked_for_answers_that_nobody_gave(
    words: JinjaWords, locale: Locale, thanked: str, voters: int, *, is_thanked: bool
) -> None:
    """The title must not contradict the text."""
    assert (thanked in said(words, Thanks(poll=CLOSED, voters=voters), locale)) is is_thanked


@pytest.mark.parametrize("locale", Locale)
def test_a_poll_that_nobody_answered_yet_does_not_say_so(words: JinjaWords, locale: Locale) -> None:
    """The copy in a private chat does not follow the count: it would say for days that nobody has voted."""
    text = said(words, PollOpened(poll=POLL, zone=ZONE, voters=0), locale)

    assert not {"participant", "participants", "Personne", "Nobody"} & set(text.split())


@pytest.mark.parametrize(
    ("locale", "private"), [(Locale.FR, "au robot, en privé"), (Locale.EN, "to the bot in private")]
)
@pytest.mark.parametrize("poll", [POLL, MULTIPLE], ids=["one answer", "several answers"])
def test_how_to_vote_by_typing_says_where(words: JinjaWords, locale: Locale, private: str, poll: Poll) -> None:
    """This list may be asked for in a group, where a typed vote would be read by everybody."""
    text = said(words, OpenPolls(polls=(poll,), zone=ZONE), locale)

    assert private in next(line for line in text.splitlines() if f"/vote {poll.id}" in line)


@pytest.mark.parametrize(
    ("locale", "uncounted"), [(Locale.FR, "Votre choix n’est pas compté"), (Locale.EN, "Your choice is not counted")]
)
@pytest.mark.parametrize("polls", [(POLL, MULTIPLE), ()], ids=["two polls", "no poll"])
def test_a_choice_that_named_no_poll_is_first_said_not_to_count(
    words: JinjaWords, locale: Locale, uncounted: str, polls: tuple[Poll, ...]
) -> None:
    """Whoever gets a list of polls after «/vote 2» may take it for a receipt."""
    asked, voted = (said(words, OpenPolls(polls=polls, zone=ZONE, uncounted=each), locale) for each in (False, True))

    assert (voted.startswith(uncounted), uncounted in asked) == (True, False)
    assert all(f"/vote {poll.id} " in voted for poll in polls)


@pytest.mark.parametrize(("locale", "account"), [(Locale.FR, "Votre compte"), (Locale.EN, "Your account")])
def test_the_address_book_is_named_whole(words: JinjaWords, locale: Locale, account: str) -> None:
    """Who can be written to has their account kept, sealed: leaving it out of the list would be untrue."""
    assert account in said(words, MyData(kept=(Kept(purpose="subscription", entries=1),), export="{}"), locale)


@pytest.mark.parametrize(("locale", "line"), [(Locale.FR, "Anne a écrit\xa0:"), (Locale.EN, "Anne wrote:")])
def test_the_author_of_a_restored_message_is_named_in_a_sentence(words: JinjaWords, locale: Locale, line: str) -> None:
    """«Message de Anne» is no French, and no template knows which names begin with a vowel."""
    message = MessageRestored(case=CaseNumber(1), author="Anne", text="Et le parking ?")

    assert line in words.post(message, locale, TELEGRAM).text.plain.splitlines()


@pytest.mark.parametrize("locale", Locale)
def test_a_file_on_a_message_does_not_say_that_it_was_removed(words: JinjaWords, locale: Locale) -> None:
    """Somebody may only have reported it."""
    text = said(words, MyData(kept=(Kept(purpose="cases", entries=1),), export="{}"), locale)

    assert {Locale.FR: "Les dossiers des modérateurs sur vos messages", Locale.EN: "moderators’ files"}[locale] in text
    assert {Locale.FR: "un message signalé", Locale.EN: "a message that was reported"}[locale] in text
