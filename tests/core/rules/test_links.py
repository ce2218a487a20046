"""Where a message leads is read as a browser and as an eye read it; what only looks like a link is none."""

import time

import pytest

from core.rules.addresses import Link, decoded, links_in
from core.rules.context import Context, Message
from core.rules.family import Family
from core.rules.hit import Hit, Sign
from core.rules.invitations import Invitations
from core.rules.links import Links, Lookalikes

OURS = Lookalikes(ours=("saint-aubin.fr", "impots.gouv.fr", "caf.fr"))
LONGEST = 4096


def seen(family: Family, text: str, *behind: str) -> Hit | None:
    """What a rule sees in a message of Saint-Aubin."""
    return family.look(Message(text, Context(links=behind, town=("Saint-Aubin",))))


LED = {
    "Voir https://www.Exemple.fr/conseil.pdf, page 2": "www.exemple.fr",
    "exemple.fr": "exemple.fr",
    "(exemple.fr/a)": "exemple.fr",
    "exemple[.]fr exemple(point)fr": "exemple.fr",
    "ｅｘｅｍｐｌｅ．ｆｒ": "exemple.fr",
    "exem\u200bple.fr": "exemple.fr",
    "exemple\u3002fr": "exemple.fr",
    "http://moi:secret@exemple.fr:8080/": "exemple.fr",
    "https://exemple.fr?a": "exemple.fr",
    "http://192.0.2.7/a": "192.0.2.7",
    "www.exemple.museum": "www.exemple.museum",
    "xn--vile-5ra.fr": "xn--vile-5ra.fr",
    "exemple.zip/a": "exemple.zip",
    "\U0001f449exemple.fr\U0001f448": "exemple.fr",
}
NOWHERE = (
    "Bonjour. Merci... M. le maire",
    "demain.Me voilà",
    "fin.puis voilà",
    "3.14 1/2 12.10.2027",
    "anne@exemple.fr",
    "plan.pdf notes.zip",
    "https://" + "a" * 300 + ".fr",
    "a..fr -.fr .fr",
    "https://localhost/",
    "exemple.f",
)


@pytest.mark.parametrize(("text", "host"), LED.items(), ids=ascii)
def test_a_link_is_found_whatever_it_is_dressed_in(text: str, host: str) -> None:
    """A browser would go there."""
    assert links_in(text)[0].host == host


@pytest.mark.parametrize("text", NOWHERE, ids=lambda text: ascii(text)[:20])
def test_what_is_no_link_leads_nowhere(text: str) -> None:
    """A missing space after a point is no link, nor is a file, a number or an address of e-mail."""
    assert links_in(text) == ()


def test_links_behind_words_count_and_there_is_an_end_to_them() -> None:
    """Fifty are enough to judge a message."""
    assert links_in("ici", ("https://exemple.fr/a",)) == (Link("exemple.fr", "/a"),)
    assert len(links_in("a.fr " * 80)) == 50


def test_addresses_behind_words_that_never_end_cost_nothing() -> None:
    """On some networks they may be as long and as many as anybody likes."""
    behind = tuple(f"https://exemple.fr/{rank}{'.a' * 50_000}" for rank in range(1000))

    begun = time.process_time()
    assert {link.host for link in links_in("", behind)} == {"exemple.fr"}
    assert time.process_time() - begun < 0.03


@pytest.mark.parametrize("host", ["xn--" + "a" * 80 + ".fr", "xn--\u00e9.fr", "xn--99999999.fr"], ids=ascii)
def test_a_punycode_that_nobody_can_read_stays_as_it_is(host: str) -> None:
    """Strangers write it."""
    assert decoded(host) == host


def test_denied_domains_are_found_with_all_below_them() -> None:
    """And others are left alone."""
    links = Links(denied=("bit.ly",))

    assert seen(links, "voir a.bit.ly/x") == Hit(sign=Sign.DENIED_LINK, found="a.bit.ly")
    assert seen(links, "voir habit.ly/x") is None


def test_where_some_domains_are_allowed_all_others_are_not() -> None:
    """The town may allow its own alone."""
    links = Links(allowed=("saint-aubin.fr",))

    assert seen(links, "www.saint-aubin.fr et exemple.fr") == Hit(sign=Sign.OTHER_LINK, found="exemple.fr")
    assert seen(links, "www.saint-aubin.fr") is None


def test_a_message_of_nothing_but_links_is_told() -> None:
    """With a word of explanation it is welcome."""
    links = Links(only_links=True)

    assert seen(links, "  exemple.fr/a !  ") == Hit(sign=Sign.ONLY_LINKS, found="exemple.fr")
    assert seen(links, "Lisez exemple.fr/a") is None
    assert seen(links, "Lisez ceci", "https://exemple.fr") is None
    assert seen(links, "Lisez ceci") is None


LIKE = (
    "saint-aubln.fr",
    "sa1nt-aubin.fr",
    "saint-aub\u0456n.fr",
    "https://xn--saint-aubn-52i.fr",
    "saint-aubin.com",
    "saint-aubin.fr.example.com",
    "saint-aubin-fr.com",
    "saint-aubbin.fr",
    "saint-aubi.fr",
    "saint-aubim.fr",
    "mairie-sa1nt-aubin.org",
    "impots.co",
    "1mpots.gouv.fr",
    "https://caf.top",
    "https://saint-aubin.fr@exemple.top/compte",
    "https://www.impots.gouv.fr@exemple.top",
    "https://saint-aubi\u0323n.top",
)
UNLIKE = (
    "saint-aubin.fr",
    "www.saint-aubin.fr/agenda",
    "saint-aubin-tennis.fr",
    "saint-aubin.basket.fr",
    "saint-albans.fr",
    "saint-aubinois.fr",
    "cafe.fr",
    "impots.gouv.fr",
    "exemple.fr",
    "https://moi@exemple.fr",
    "https://exemple.top@saint-aubin.fr",
)


@pytest.mark.parametrize("text", LIKE, ids=ascii)
def test_a_domain_that_can_be_taken_for_ours_is_told(text: str) -> None:
    """By the eye, by its ending, by a slip of the finger, by its beginning."""
    hit = seen(OURS, text)

    assert hit is not None
    assert hit.sign is Sign.LOOKALIKE


@pytest.mark.parametrize("text", UNLIKE)
def test_a_domain_with_our_name_in_it_is_nobody_s_trick(text: str) -> None:
    """Clubs are called after the town."""
    assert seen(OURS, text) is None


INVITING = ("t.me/+AbC", "https://t.me/autre_ville", "discord.gg/a", "https://discord.com/invite/a", "wa.me/336")


@pytest.mark.parametrize("text", INVITING)
def test_an_invitation_to_another_group_is_told(text: str) -> None:
    """By the network's own link."""
    hit = seen(Invitations(allowed=("t.me/saint_aubin",)), f"Venez : {text}")

    assert hit is not None
    assert hit.sign is Sign.INVITATION


@pytest.mark.parametrize(
    "text", ["https://t.me/saint_aubin/12", "T.me/Saint_Aubin", "https://t.me", "https://discord.com/safety", "a.fr/+b"]
)
def test_the_town_s_own_groups_and_other_pages_are_none(text: str) -> None:
    """They are where everybody is already."""
    assert seen(Invitations(allowed=("t.me/saint_aubin",)), f"Venez : {text}") is None


def test_no_message_of_links_takes_long() -> None:
    """Everybody else waits meanwhile. The best of three, with the probes of the coverage."""
    families: tuple[Family, ...] = (Links(denied=("bit.ly",), only_links=True), OURS, Invitations())
    units = ("a.fr ", "www.sa1nt-aub\u0456n.co ", "xn--a-0.fr ", "a.", ".", "(point)[.", "\u0301\u0316.a", "http://a@")
    spent: dict[str, float] = {}
    for unit in units:
        text, best = (unit * LONGEST)[:LONGEST], 1.0
        for _ in range(3):
            begun = time.process_time()
            message = Message(text, Context(town=("Saint-Aubin",)))
            for family in families:
                family.look(message)
            best = min(best, time.process_time() - begun)
        spent[unit] = best

    assert {unit: cost for unit, cost in spent.items() if cost > 0.030} == {}
