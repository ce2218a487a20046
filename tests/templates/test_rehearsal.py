"""The report of a rehearsal: complete, in both languages, readable by everybody, and alone."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from core.campaign import StepKind
from core.delivery import DeliveryState
from core.events import Choice
from core.identifiers import AccountName, Locale, PollId
from core.native import NativeBallot
from core.poll import Tally
from core.post import Button, Picture, Post
from core.preflight import DescriptionMissing, NotAsked
from core.rehearsal import Attendance, Collision, Quiet, Trial, Week
from core.richtext import RichText, Span
from templates.environment import environment
from templates.officers import OfficersText
from templates.rehearsal import PAGE, page
from tests.core.examples import NOON, words
from tests.core.rehearsals import HOUR, MINUTE, OUTCOME, SQUARE, engagement, moment, ordeal, rehearsal, said

RICH = RichText(
    (
        Span("Le pont ", strong=True),
        Span("<script>", code=True),
        Span("demain", emphasis=True, link="https://ville.example/?a=1&b=2"),
        Span("piège", link="javascript:alert(1)"),
        Span("cité", quote=True),
    )
)
BUTTONS = ((Button("1. Bois", Choice(PollId("bridge_route"), 0)),),)
ASKED = NativeBallot(question="Quel pont ?", options=("Bois", "Pierre"), several=False, closes_at=NOON, hides=True)


def shown(locale: Locale = Locale.FR, **changes: object) -> str:
    """The page of a rehearsal that is changed so, with ordinary spaces."""
    return page(rehearsal(**changes), locale).replace("\u00a0", " ")


@pytest.fixture
def pictured(tmp_path: Path) -> Post:
    """A message with a picture that is there, one that is gone, and one of a kind that no page shows."""
    (tmp_path / "pont.png").write_bytes(b"\x89PNG")
    (tmp_path / "pont.tiff").write_bytes(b"II")
    pictures = tuple(Picture(tmp_path / name, f"Le {name}") for name in ("pont.png", "gué.jpg", "pont.tiff"))
    return Post(text=RICH, buttons=BUTTONS, pictures=pictures, poll=ASKED, pinned=True, silent=True)


def test_a_message_is_shown_as_it_reads(pictured: Post) -> None:
    """Its look, its buttons, its poll; what officers wrote is text and never markup."""
    html = shown(moments=(moment(said(post=pictured)),))

    assert "<strong>Le pont </strong><code>&lt;script&gt;</code>" in html
    assert '<a href="https://ville.example/?a=1&amp;b=2"><em>demain</em></a>piège<cite>cité</cite>' in html
    assert "<li>1. Bois</li>" in html
    assert "<b>Quel pont ?</b>" in html
    assert "Épinglé. Sans son." in html


def test_a_picture_is_inside_the_page_and_always_described(pictured: Post) -> None:
    """Nothing is asked of any server; who does not see the picture reads it."""
    html = shown(moments=(moment(said(post=pictured)),))

    assert html.count("<img ") == html.count('src="data:image/png;base64,') == 1
    assert [f"Le {name}" in html for name in ("pont.png", "gué.jpg", "pont.tiff")] == [True] * 3


def test_the_page_asks_nothing_of_anybody(pictured: Post) -> None:
    """No script, no style sheet, no picture, no font of others; a policy that says so."""
    html = shown(moments=(moment(said(post=pictured)),))

    assert re.findall(r"<(?:script|link|iframe)|url\(|@import|src=\"(?!data:)", html) == []
    assert "default-src 'none'" in html


@pytest.mark.parametrize("locale", Locale)
def test_the_page_says_its_language_and_its_headings_descend_one_by_one(locale: Locale) -> None:
    """Screen readers go from heading to heading."""
    html = shown(locale)

    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert f'<html lang="{locale}">' in html
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_every_link_within_the_page_leads_somewhere() -> None:
    """The contents, and the way past them."""
    html = shown()

    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(re.findall(r'id="([^"]+)"', html))


def test_who_follows_two_networks_is_told_of_both() -> None:
    """The most that one person gets is theirs."""
    week = Week(monday=NOON.date(), public=(2, 3), private=(1, 0), pairs=((0, 1),))

    assert "suit deux réseaux et y reçoit aussi les nouvelles en privé trouve 6 messages" in shown(weeks=(week,))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    whole = colour if len(colour) == 6 else "".join(sign * 2 for sign in colour)
    parts = [int(whole[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_a_text_stands_out_from_both_grounds() -> None:
    """WCAG 2.2 AA asks for 4.5 to 1."""
    colours = dict(re.findall(r"--(\w+): #([0-9a-f]+);", PAGE.read_text(encoding="utf-8")))

    for text in ("ink", "soft", "good", "bad", "warn", "link"):
        for ground in ("ground", "shade"):
            contrast = (luminance(colours[ground]) + 0.05) / (luminance(colours[text]) + 0.05)
            assert contrast >= 4.5, (text, ground)


def test_both_languages_have_the_same_words() -> None:
    """French and English, always together: keys, keys within keys, and sentences."""
    modules = [vars(environment(each, OfficersText({})).get_template("_rehearsal.j2").module) for each in Locale]
    french, english = (module["words"] for module in modules)

    assert french.keys() == english.keys()
    for key, inside in french.items():
        assert not isinstance(inside, dict) or inside.keys() == english[key].keys()
    assert modules[0].keys() == modules[1].keys()
    assert {*french["kinds"]} == {*StepKind}
    assert ({*french["quiet"]}, {*french["trials"]}) == ({*Quiet}, {*Trial})


@pytest.mark.parametrize("state", DeliveryState)
def test_every_end_of_a_message_has_its_sentence(state: DeliveryState) -> None:
    """What is not out says what comes of it."""
    standing = [shown(each, moments=(moment(said(state=state)),)) for each in Locale]

    found = [re.search(rf'<p class="state {state}">(.+?)</p>', html) for html in standing]
    assert all(sentence and len(sentence[1]) > 4 for sentence in found)


def test_lateness_is_said_with_the_hour_of_the_towns_clocks() -> None:
    """Noon in the world is one in the afternoon in Paris."""
    html = shown(moments=(moment(said(out_at=NOON + 11 * MINUTE)),))

    assert "Parti avec 11 min de retard, à 13 h 11." in html


def test_private_copies_are_told_with_their_language_and_number() -> None:
    """Who gets them is nobody's business."""
    private = said(channel=None, copies=4, out_at=None)
    html = shown(moments=(moment(private, replace(private, locale=Locale.EN, copies=1)),))

    assert "En privé, à 5 abonnés" in html
    assert "en privé, français, 4 personnes" in html
    assert "en privé, anglais, 1 personne<" in html


def test_the_same_text_a_second_time_is_not_repeated() -> None:
    """A weekly reminder of the market fills no pages."""
    long = Post(text=RichText.of("Le marché est ouvert"))
    html = shown(moments=(moment(said(post=long)), moment(said(post=long, pieces=2))))

    assert (html.count("Le marché est ouvert"), html.count("Le même texte")) == (1, 1)
    assert "En 2 messages qui se suivent." in html


def test_a_step_that_said_nothing_says_why() -> None:
    """Nobody should look for a message that was never meant to be."""
    html = shown(moments=(moment(quiet=Quiet.MISSED, kind=StepKind.REMIND),))

    assert "Cette étape a été manquée" in html


def test_what_failed_is_said_at_the_top() -> None:
    """The mayor reads no further."""
    html = shown(sound=False, doubled=2)

    top = html[: html.index('id="messages"')]
    assert "La répétition a échoué" in top
    assert "n’est pas ce que les habitants ont fait" in top
    assert "2 messages publics sont partis deux fois" in top


def test_a_poll_that_was_counted_otherwise_is_said_at_the_top_in_both_languages() -> None:
    """The title alone tells nobody what failed."""
    outcomes = (replace(OUTCOME, cast=5),)
    tops = [shown(locale, outcomes=outcomes).partition('id="messages"')[0] for locale in Locale]

    assert "Un vote compté par Parvis ne l’est pas de même par l’autre programme" in tops[0]
    assert "Parvis counted a vote otherwise than the other program" in tops[1]


def test_what_asked_for_no_vote_claims_nothing_about_votes() -> None:
    """Green is what was looked at: here, that nothing stands twice in public."""
    tops = [shown(locale, outcomes=()).partition('id="messages"')[0] for locale in Locale]

    assert [("exprimés" in tops[0]), ("cast" in tops[1])] == [False, False]
    assert "Aucun message public n’est parti deux fois" in tops[0]
    assert "No public message went out twice" in tops[1]


def test_whoever_plays_a_part_is_told_of_where_people_are_counted() -> None:
    """They vote every time: the share of who comes back would say too much."""
    assert "un rôle écrit d’avance" in shown()
    assert "a part written beforehand" in shown(Locale.EN)


@pytest.mark.parametrize(
    ("messages", "missed", "words_"),
    [
        ((), 0, "Aucun message de la campagne"),
        ((said(),), 0, "Tout est parti à l’heure"),
        ((said(out_at=NOON + 9 * MINUTE),), 0, "1 message public est parti en retard, de 9 min au plus"),
        ((said(state=DeliveryState.UNCERTAIN, copies=3),), 0, "Pour 3 messages, personne ne sait s’ils sont partis"),
        ((said(state=DeliveryState.FAILED), said(state=DeliveryState.EXPIRED)), 0, "2 messages ne sont pas partis"),
        ((), 1, "1 étape manquée"),
    ],
    ids=["nothing due", "on time", "late", "uncertain", "failed", "missed"],
)
def test_what_happened_during_each_outage_is_told(messages: tuple[object, ...], missed: int, words_: str) -> None:
    """Whatever it was."""
    html = shown(ordeals=(ordeal(*messages, missed=missed),))  # type: ignore[arg-type]  # messages are said

    assert words_ in re.sub(r"\s+", " ", html)


def test_a_quiet_rehearsal_says_so() -> None:
    """No incident, no vote, nothing beside it, no change of clocks, nothing received, nobody voting."""
    nobody = Attendance(people=4, took_part=0, came_back=0)
    html = shown(weeks=(), ordeals=(), outcomes=(), attendance=nobody)

    for sentence in (
        "Aucun incident",
        "ne demande aucun vote",
        "Aucune autre campagne",
        "pas de changement d’heure",
    ):
        assert sentence in html
    assert "Personne ne reçoit rien." in html
    assert "Sur 40 comptes" not in html


def test_the_night_of_the_clocks_is_told_both_ways() -> None:
    """Spring and autumn."""
    html = shown(changes=(datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)))

    assert "Dimanche 28 mars 2027, les horloges avancent : il est soudain 3 h 00." in html
    assert "Dimanche 31 octobre 2027, les horloges reculent : il est de nouveau 2 h 00." in html


def test_other_campaigns_are_named_with_what_they_collide_with() -> None:
    """Or that they collide with nothing."""
    met = Collision(ours=engagement("pont", NOON, SQUARE), theirs=engagement("halle", NOON + HOUR, SQUARE))

    told, calm = shown(beside=(words("Halle"),), collisions=(met,)), shown(beside=(words("Halle"),))

    assert "de la campagne halle part à 14 h 00" in told
    assert "Aucun message ne tombe à moins de deux heures" in calm


def test_what_preflight_found_is_told_what_blocks_first() -> None:
    """With its place and its cure."""
    found = (
        NotAsked(place="accounts.ville", account=AccountName("ville"), detail="rien"),
        DescriptionMissing(place="announcements.a", said="Photo"),
    )
    html = shown(concerns=found)

    assert html.index("« Photo » ne décrit pas l’image") < html.index("accounts.ville")


def test_both_counts_of_a_vote_stand_side_by_side() -> None:
    """Equal, unequal, or by the networks' own polls."""
    equal, other = shown(), shown(outcomes=(replace(OUTCOME, cast=5),))
    own = shown(outcomes=(replace(OUTCOME, cast=None, tally=Tally(counts=(0, 0, 0), voters=0), published=0),))

    public = replace(OUTCOME, poll=replace(OUTCOME.poll, public=True))
    assert "Les votes dans les sondages des réseaux sont comptés à part" in shown(outcomes=(public,))
    assert "6 personnes ont voté d’après les journaux ; Parvis en a compté 6" in equal
    assert "Les deux décomptes diffèrent." in other
    assert "par le sondage propre à chaque réseau" in own


@pytest.mark.parametrize("locale", Locale)
def test_the_page_says_which_figures_are_assumed_and_credits_those_measured(locale: Locale) -> None:
    """A rehearsal predicts nothing."""
    html = shown(locale)

    assert ("Supposé, sans mesure" if locale is Locale.FR else "Assumed, not measured") in html
    assert all(words_ in html for words_ in ("compdemocracy/openData", "CC BY 4.0", "pont, gué", "parvis rehearse"))
