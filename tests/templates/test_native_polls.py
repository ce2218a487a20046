"""The networks' own polls in words: who can see one's choice, and counts that stand apart."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from core.capabilities import Capabilities
from core.identifiers import Locale, PlatformName
from core.messages import PollOpened, PollReminder, ResultsPublished, Thanks
from core.native import Misfit, NativeCount, NativePoll, Reason
from core.poll import PollKind, PollState, Showing, Tally
from templates.render import JinjaWords
from tests.core.examples import NOON, poll
from tests.fakes import CAPABILITIES

SECRET = NativePoll(
    most_options=4,
    longest_question=300,
    longest_option=100,
    shortest=timedelta(seconds=5),
    longest=timedelta(days=30),
    secret=True,
    several=True,
    ends_early=True,
    hides=True,
)
SHOWN = replace(SECRET, secret=False, hides=False)
PUBLIC = replace(poll(), public=True)
OPENED = PollOpened(poll=PUBLIC, zone="Europe/Paris")
REMINDER = PollReminder(poll=PUBLIC, zone="Europe/Paris", voters=27)
PRIVATELY = {Locale.FR: "ne voient pas votre choix", Locale.EN: "cannot see your choice"}
PUBLICLY = {Locale.FR: "tout le monde peut voir votre choix", Locale.EN: "everybody can see your choice"}
RESULTS_SHOW = {Locale.FR: "voit les résultats pendant", Locale.EN: "see the results during"}


def on(native: NativePoll | None) -> Capabilities:
    """A network with these polls of its own."""
    return replace(CAPABILITIES, native_poll=native)


def said(words: JinjaWords, message: PollOpened | PollReminder, locale: Locale, native: NativePoll | None) -> str:
    """The message as people read it, with ordinary spaces."""
    return re.sub(r"\s+", " ", words.post(message, locale, on(native)).text.plain)


@pytest.mark.parametrize("locale", Locale)
def test_the_network_asks_by_its_own_poll_where_the_question_fits(words: JinjaWords, locale: Locale) -> None:
    """The poll carries the question; no button of ours stands beside it."""
    post = words.post(OPENED, locale, on(SECRET))

    assert post.poll is not None
    assert (post.poll.question, len(post.poll.options)) == (PUBLIC.question[locale], 3)
    assert (post.poll.closes_at, post.poll.several, post.poll.hides) == (PUBLIC.closes_at, False, True)
    assert (post.buttons, post.misfits, PUBLIC.question[locale] in post.text.plain) == ((), (), False)


def test_several_answers_and_open_counts_are_asked_for(words: JinjaWords) -> None:
    """As the officer wrote."""
    live = replace(OPENED, poll=replace(PUBLIC, kind=PollKind.MULTIPLE, showing=Showing.LIVE))

    asked = words.post(live, Locale.FR, on(SECRET)).poll

    assert asked is not None
    assert (asked.several, asked.hides) == (True, False)


@pytest.mark.parametrize("locale", Locale)
def test_our_own_ballot_stands_in_and_says_why(words: JinjaWords, locale: Locale) -> None:
    """Nobody is left without a way to vote."""
    post = words.post(OPENED, locale, on(replace(SECRET, most_options=2)))

    assert (post.poll, len(post.buttons)) == (None, 3)
    assert post.misfits == (Misfit(Reason.MANY_OPTIONS, 3, 2),)


def test_a_poll_that_is_not_public_never_goes_into_the_networks_hands(words: JinjaWords) -> None:
    """The officer must have asked for it."""
    post = words.post(replace(OPENED, poll=poll()), Locale.FR, on(SECRET))

    assert (post.poll, post.misfits, len(post.buttons)) == (None, (), 3)


@pytest.mark.parametrize("message", [OPENED, REMINDER], ids=["opened", "reminder"])
@pytest.mark.parametrize("locale", Locale)
def test_people_are_told_whether_others_see_their_choice(
    words: JinjaWords, message: PollOpened | PollReminder, locale: Locale
) -> None:
    """Before they vote, in the same message."""
    hidden, shown = (said(words, message, locale, native) for native in (SECRET, SHOWN))

    assert (PRIVATELY[locale] in hidden, PUBLICLY[locale] in hidden) == (True, False)
    assert (PRIVATELY[locale] in shown, PUBLICLY[locale] in shown) == (False, True)
    assert (RESULTS_SHOW[locale] in hidden, RESULTS_SHOW[locale] in shown) == (False, True)


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("state", [PollState.OPEN, PollState.CLOSED])
def test_a_reminder_asks_no_second_time(words: JinjaWords, locale: Locale, state: PollState) -> None:
    """A second poll would count some people twice; and our count says nothing about the network's."""
    post = words.post(replace(REMINDER, poll=replace(PUBLIC, state=state)), locale, on(SECRET))

    assert (post.poll, post.buttons, PUBLIC.question[locale] in post.text.plain) == (None, (), True)
    assert "27" not in post.text.plain


@pytest.mark.parametrize("locale", Locale)
def test_a_stopped_poll_that_a_network_keeps_open_asks_nobody_any_more(words: JinjaWords, locale: Locale) -> None:
    """Its own poll stands there still, votes and all: the edit must carry it along."""
    stopped = replace(PUBLIC, state=PollState.STOPPED, closed_at=NOON)

    post = words.post(replace(OPENED, poll=stopped), locale, on(replace(SECRET, ends_early=False)))

    assert {Locale.FR: "Ne votez plus", Locale.EN: "vote no more"}[locale] in post.text.plain
    assert {Locale.FR: "Répondez", Locale.EN: "Answer"}[locale] not in post.text.plain
    assert post.poll is not None


FINAL = NativeCount(network=PlatformName("telegram"), counts=(9, 1234, 0), voters=1243, final=True)
PROVISIONAL = NativeCount(network=PlatformName("mastodon"), counts=(1, 2, 3), voters=None, final=False, polls=2)
UNKNOWN = NativeCount(network=PlatformName("discord"), counts=None, voters=None, final=False)
CLOSED = replace(PUBLIC, state=PollState.CLOSED, closed_at=NOON)


@pytest.mark.parametrize("locale", Locale)
def test_results_give_each_count_apart(words: JinjaWords, locale: Locale) -> None:
    """Under the name of its network, never added to ours, and honest about what is not known."""
    results = ResultsPublished(
        poll=CLOSED, tally=Tally(counts=(5, 1, 0), voters=6), natives=(UNKNOWN, PROVISIONAL, FINAL)
    )

    lines = re.sub(r"[\u00a0\u202f]", " ", words.post(results, locale, CAPABILITIES).text.plain).splitlines()

    assert [line for line in lines if re.search(r"Telegram|Mastodon|Discord|mairie$|own ballot$", line)] == {
        Locale.FR: [
            "Bulletin de la mairie",
            "Sondage de Discord",
            "Sondage de Mastodon (chiffres provisoires)",
            "Sondage de Telegram",
        ],
        Locale.EN: [
            "The town hall’s own ballot",
            "Discord’s own poll",
            "Mastodon’s own poll (provisional figures)",
            "Telegram’s own poll",
        ],
    }[locale]
    assert {Locale.FR: "Route 1 (fr) : 1 234 voix", Locale.EN: "Route 1: 1,234 votes"}[locale] in lines


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        (Locale.FR, "Sondage d’un réseau que la mairie n’utilise plus"),
        (Locale.EN, "Poll on a network that the town hall no longer uses"),
    ],
)
def test_a_network_that_is_no_longer_used_is_said_in_plain_words(words: JinjaWords, locale: Locale, title: str) -> None:
    """Its count stays, and nobody wonders what it is called."""
    former = replace(FINAL, network=None)
    results = ResultsPublished(poll=CLOSED, tally=Tally(counts=(5, 1, 0), voters=6), natives=(former,))

    assert title in words.post(results, locale, CAPABILITIES).text.plain.splitlines()


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("untold", [0, 1, 2])
def test_results_say_which_polls_are_missing(words: JinjaWords, locale: Locale, untold: int) -> None:
    """A part is never taken for the whole."""
    some = replace(PROVISIONAL, untold=untold)
    results = ResultsPublished(poll=CLOSED, tally=Tally(counts=(5, 1, 0), voters=6), natives=(some,))

    text = words.post(results, locale, CAPABILITIES).text.plain

    missing = {
        Locale.FR: ["", "de 1 autre sondage de", "de 2 autres sondages de"],
        Locale.EN: ["", "of 1 more poll on", "of 2 more polls on"],
    }[locale][untold]
    assert missing in text
    assert ({Locale.FR: "Nous ne connaissons pas", Locale.EN: "We do not know"}[locale] in text) == bool(untold)


@pytest.mark.parametrize("locale", Locale)
def test_thanks_go_to_those_who_voted_in_the_networks_polls_too(words: JinjaWords, locale: Locale) -> None:
    """Nobody is told that nobody answered."""
    text = words.post(Thanks(poll=CLOSED, voters=0, elsewhere=True), locale, CAPABILITIES).text.plain

    assert {Locale.FR: "toutes les personnes", Locale.EN: "everybody who answered"}[locale] in text
