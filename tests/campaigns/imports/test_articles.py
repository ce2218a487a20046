"""Feeds as sites send them, and as nobody should."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.imports.articles import LONGEST_BODY, MOST, articles_of, compared
from campaigns.imports.plain import shortened, words_of
from core.feed import Article
from core.ports.web import NotReadable, Page

URL = "https://www.valmont.fr/actus/feed"
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Valmont</title><link>https://www.valmont.fr/</link>%s</channel></rss>"""
ITEM = """<item><title>L&#8217;eau &amp; le pont</title><link>https://www.valmont.fr/eau/?utm_source=rss</link>
<guid isPermaLink="false">valmont-12</guid><pubDate>Mon, 12 Oct 2026 23:30:00 +0200</pubDate>
<description>&lt;p&gt;Elle &lt;b&gt;revient&lt;/b&gt;.&lt;/p&gt;
&lt;ul&gt;&lt;li&gt;lundi&lt;li&gt;mardi&lt;/ul&gt;</description></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Valmont</title><entry><id>urn:12</id>
<title type="html">L’eau &amp;amp; le pont</title><link rel="alternate" href="/eau"/>
<updated>2026-10-12T21:30:00Z</updated>
<content type="html">&lt;p&gt;Elle revient.&lt;/p&gt;</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://v.fr"><title>V</title></channel>
<item rdf:about="https://v.fr/eau"><title>L’eau &amp; le pont</title>
<link>https://v.fr/eau</link><description>Elle revient.</description></item></rdf:RDF>"""


def articles(content: str | bytes, kind: str = "") -> tuple[Article, ...]:
    """The articles of a feed."""
    encoded = content.encode() if isinstance(content, str) else content
    return articles_of(Page(url=URL, content=encoded, kind=kind))


def one(item: str) -> Article:
    """The only article of a feed."""
    (article,) = articles(RSS % item)
    return article


def test_an_article_is_told_in_plain_words() -> None:
    """Title, text with its list, day, and the page as it is opened and as it is compared."""
    article = one(ITEM)

    assert (article.title, article.body) == ("L’eau & le pont", "Elle revient.\n\n– lundi\n– mardi")
    assert (article.day, article.link) == ("2026-10-12", "valmont.fr/eau")
    assert article.page == "https://www.valmont.fr/eau/?utm_source=rss"


def test_feeds_of_every_age_are_read() -> None:
    """RSS 2.0, RSS 1.0 and Atom, in any encoding, and broken as some are."""
    ways: dict[str, str | bytes] = {
        "atom": ATOM,
        "rdf": RDF,
        "latin-1": (RSS % ITEM).replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        "broken": (RSS % ITEM).replace("</channel></rss>", ""),
        "an ampersand": RSS % ITEM.replace("&amp; le", "& le"),
    }

    read = {way: articles(content) for way, content in ways.items()}

    assert {each.title for found in read.values() for each in found} == {"L’eau & le pont"}
    assert [len(found) for found in read.values()] == [1] * len(ways)
    assert read["atom"][0].page == "https://www.valmont.fr/eau"


def test_what_is_no_feed_is_refused() -> None:
    """The page of an error, for instance."""
    for content in ("", "<html><body>404</body></html>", "{}", "\0\1\2"):
        with pytest.raises(NotReadable):
            articles(content)


def test_a_feed_over_which_its_reader_stumbles_is_refused() -> None:
    """Half a letter, where the library expects a whole one: other feeds are to be read all the same."""
    half = "<rss version='2.0'><channel><item><title><guid>&#xd800;<a href='<title type='html'></title><?</rss>"

    with pytest.raises(NotReadable, match="broken in a way"):
        articles(half)


def test_nothing_is_opened_and_no_entity_grows() -> None:
    """Whoever writes a feed may mean harm: a billion laughs, a file of ours under the name of a feed."""
    laughs = '<!DOCTYPE rss [<!ENTITY l0 "ha"><!ENTITY l1 "&l0;&l0;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    plain = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss.dtd">'

    with pytest.raises(NotReadable, match="entities"):
        articles((RSS % ITEM).replace("?>", f"?>{laughs}", 1))
    with pytest.raises(NotReadable):
        articles("/etc/passwd")
    assert len(articles((RSS % ITEM).replace("?>", f"?>{plain}", 1))) == 1


def test_an_article_without_an_id_has_that_of_its_page_or_its_words() -> None:
    """It is one all the same."""
    bare = ITEM.replace('<guid isPermaLink="false">valmont-12</guid>', "")
    homeless = bare.replace("<link>https://www.valmont.fr/eau/?utm_source=rss</link>", "")

    assert one(bare).guid == one(bare.replace("https://www.", "http://").replace("revient", "part")).guid
    assert one(homeless).guid == one(homeless).guid != one(homeless.replace("revient", "part")).guid
    assert (one(homeless).link, one(homeless).page) == ("", "")


def test_an_article_that_says_nothing_is_none_and_one_without_a_title_has_its_beginning() -> None:
    """A title is the first line of an announcement."""
    assert articles(RSS % "<item><guid>1</guid><link>https://v.fr/a</link></item>") == ()
    assert one(f"<item><description>{'Elle revient. ' * 20}</description></item>").title.endswith("Elle…")


def test_days_and_links_that_are_none_are_left_out() -> None:
    """The rest of the article is good."""
    odd = ITEM.replace("https://www.valmont.fr/eau/?utm_source=rss", "javascript:alert(1)")

    read = [one(odd.replace("Mon, 12 Oct 2026 23:30:00 +0200", day)) for day in ("hier", "0000-01-01T00:00:00Z", "")]

    assert {(article.page, article.link, article.day) for article in read} == {("", "", "")}


def test_a_feed_is_read_to_a_limit_and_each_article_once() -> None:
    """An archive of twenty years is no news."""
    many = "".join(ITEM.replace("valmont-12", f"v-{number}") for number in range(MOST + 5))

    assert len(articles(RSS % many)) == MOST
    assert len(articles(RSS % (ITEM * 3))) == 1


def test_a_page_is_the_same_whatever_its_address_carries() -> None:
    """A site goes to https, adds a slash, counts its readers."""
    same = [
        "http://www.valmont.fr/eau",
        "https://valmont.fr/eau/",
        "HTTPS://VALMONT.FR:443/eau?utm_source=x&utm_medium=y&fbclid=z",
        " https://valmont.fr/eau#suite ",
    ]

    assert {compared(link) for link in same} == {"valmont.fr/eau"}
    assert compared("https://v.fr:8443/a?b=2&a=1") == "v.fr:8443/a?a=1&b=2"
    assert compared("https://v.fr/?p=12") == "v.fr?p=12"
    assert {compared(link) for link in ("", "mailto:a@b.fr", "https://[::1", "https://v.fr:99999/", "https://")} == {""}


def test_html_becomes_the_words_that_people_see() -> None:
    """Without scripts, with lines where a page has them."""
    html = (
        "<style>p{}</style><h2>Titre</h2>un\n  deux<br>trois<script>x</script></style>"
        "<table><tr><td>a</td></tr></table><![for others]>&nbsp;fin\x07<!-- x --><!DOCTYPE x>"
    )

    assert words_of(html) == "Titre\n\nun deux\ntrois\n\na\n\nfin\ufffd"


def test_a_long_text_is_cut_between_two_words() -> None:
    """And says so."""
    assert (shortened("un deux", 7), shortened("un deux trois", 9), shortened("x" * 20, 5)) == (
        "un deux",
        "un deux…",
        "xxxx…",
    )
    assert len(one(ITEM.replace("Elle", "Elle " * 500)).body) <= LONGEST_BODY


@given(st.text(st.sampled_from("<>/&;#pblih \n\"='!-[]é"), max_size=60), st.binary(max_size=60))
def test_any_feed_is_read_or_refused(words: str, content: bytes) -> None:
    """Nothing else happens."""
    for feed in (RSS % f"<item><title>{words}</title><description>{words}</description></item>", content):
        with suppress(NotReadable):
            assert all(each.title for each in articles(feed))
    assert "\0" not in words_of(words)


def test_words_of_another_day_are_not_the_same_article() -> None:
    """The marks are apart."""
    first, second = one(ITEM), one(ITEM.replace("12 Oct", "19 Oct"))

    assert first.words == second.words
    assert replace(first, day=second.day) == second
