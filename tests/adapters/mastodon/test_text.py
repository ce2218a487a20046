"""From Mastodon's HTML to text, and how long a post is: by tables, and against the imitation's own count."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.mastodon.text import length, plain, split, without_mentions, written
from core.richtext import RichText, Span
from sandbox.mastodon import texts as theirs
from sandbox.mastodon.profiles import GOTOSOCIAL, MASTODON

# Words in which links, names and marks are frequent
PIECES = st.sampled_from(
    [
        *"ab .,!?/@#:-_()é\n\t\u0301\u200d\u2060👍🏽«»\"'<&",
        "http://",
        "https://a.fr",
        "https://ville.fr/pont?a=1&b=é#c.",
        "https://é.fr",
        "http://a.invalid/x",
        "@anne@ailleurs.example",
        "www.",
        "\U00100000",
    ]
)
WORDS = st.lists(PIECES | st.characters(codec="utf-8"), max_size=60).map("".join)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Un</p><p>deux<br>trois<br />quatre</p>", "Un\n\ndeux\ntrois\nquatre"),
        ("<p>a &lt;b&gt; &amp; &quot;c&quot;</p>", 'a <b> & "c"'),
        (
            '<a href="https://ville.fr/abc"><span class="invisible">https://</span><span>ville…</span></a> oui',
            "https://ville.fr/abc oui",
        ),
        ('<span class="h-card"><a href="u" class="u-url mention">@<span>ville</span></a></span> 2', "@ville 2"),
        ('<a href="t" class="mention hashtag">#<span>pont</span></a>', "#pont"),
        ('<p class="quote-inline">RE: <a href="x">x</a><br><img></p><p>2</p>', "2"),
        ("<ul><li>un</li><li>deux</li></ul>fin", "- un\n- deux\n\nfin"),
        ("<blockquote>cité</blockquote>dit", "cité\n\ndit"),
        ("<p><a>sans adresse</a> <a href=''>vide</a></p>", "sans adresse vide"),
        ("<a href='u'>jamais fermé<p>suite</p>", "u\n\nsuite"),
        ("<a href='u'>un<a href='v'>deux</a>", "uv"),
        ("<a href='u'>jamais fermé", "u"),
        ("<script>alert(1)</script><img src=x onerror=y><!-- z -->", "alert(1)"),
        ("</p></p></a>fin<p", "fin<p"),
        ("&#0;&notanentity;", "\ufffd¬anentity;"),
    ],
)
def test_what_was_written_is_read(html: str, words: str) -> None:
    """Whatever the markup, down to what no server should send."""
    assert plain(html) == words


@given(st.text(alphabet="<>/!-[]&;ap \"'=#x0", max_size=80))
def test_no_html_is_too_hostile(html: str) -> None:
    """It is read, or refused in the one way that sets an update aside."""
    try:
        said = plain(html)
    except ValueError:
        return
    assert len(said) <= 2 * len(html) + 8


@given(WORDS)
@example("#https://a.fr")
@example("@http://a.fr")
def test_what_a_server_shows_is_what_was_written(words: str) -> None:
    """The imitation's HTML and back: links whole, everything else to the letter."""
    given_words = written(RichText.of(words))
    shown = plain(theirs.as_html(given_words, lambda _: None, "ville.example"))

    assert "".join(shown.split()) == "".join(given_words.replace("\r", "").split())


@pytest.mark.parametrize(
    ("said", "of", "left"),
    [
        ("@ville 2", "ville", "2"),
        ("@ville@mairie.fr, @anne: 2", "ville", "2"),
        ("2 @ville", "ville", "2"),
        ("2 @anne", "ville", "2 @anne"),
        ("2@ville", "ville", "2@ville"),
        ("@ville", "ville", ""),
        ("pour @ville et moi", "ville", "pour @ville et moi"),
        ("2 @ville", "", "2 @ville"),
    ],
)
def test_names_around_the_words_are_left_out(said: str, of: str, left: str) -> None:
    """Those that every reply begins with, and ours at the end."""
    assert without_mentions(said, of=of) == left


@pytest.mark.parametrize(
    ("words", "long"),
    [
        ("été", 3),
        ("e\u0301te\u0301", 3),
        ("\u0301", 1),
        ("https://ville.fr/" + "x" * 300, 23),
        ("voir https://ville.fr/x.", 5 + 23 + 1),
        ("http://a.fr", 23),
        ("http://a.invalid", 23 + 16),
        ("http://é.fr", 23 + 11),
        ("xhttp://a.fr", 1 + 23 + 11),
        ("@anne@ailleurs.example", 22),
    ],
)
def test_the_length_of_a_post_is_known(words: str, long: int) -> None:
    """Exact for letters and plain links, more for what servers may see otherwise."""
    assert length(words, per_link=23) == long


@given(WORDS)
@example("http://a.fr" * 3)
@example("http://xhttp://é.fr")
@example("https://a.fr\u0301")
def test_a_length_is_never_less_than_the_servers(words: str) -> None:
    """A post that is too long is refused, in the middle of a thread."""
    for profile in (MASTODON, GOTOSOCIAL):
        assert length(words, per_link=profile.characters_per_url) >= theirs.length(words, "", profile)


@given(WORDS, st.integers(60, 200))
def test_a_text_is_cut_into_posts_that_the_server_takes(words: str, longest: int) -> None:
    """And nothing but white space is lost between them."""
    pieces = split(words, longest, per_link=23)

    assert all(theirs.length(piece, "", MASTODON) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(words.split())


@given(st.lists(st.sampled_from(["mot", "https://ville.fr/" + "x" * 300, "http://a.invalid/y"]), max_size=40))
def test_no_link_is_ever_cut(words: list[str]) -> None:
    """Half a link leads nowhere."""
    pieces = split(" ".join(words), 60, per_link=23)

    assert " ".join(pieces).split() == words


def test_an_address_longer_than_a_post_is_cut_where_it_must_be() -> None:
    """It is no link to the server, which counts every sign of it."""
    address = "http://a.invalid/" + "x" * 200
    pieces = split(address, 60, per_link=23)

    assert "".join(pieces) == address
    assert all(theirs.length(piece, "", MASTODON) <= 60 for piece in pieces)


@given(WORDS)
@example("@http://")
def test_nobody_is_called_by_what_is_written(words: str) -> None:
    """Whatever a citizen's words are."""
    said = written(RichText.of(words))

    assert theirs.mentioned(said, lambda name: pytest.fail(f"{name} was called")) == ()
    assert said.replace("\u2060", "") == written(RichText.of(words.replace("\u2060", ""))).replace("\u2060", "")


def test_a_link_stands_after_its_words() -> None:
    """Where they are not the link itself."""
    text = RichText((Span("Le dossier", link="https://ville.fr"), Span(" "), Span("https://a.fr", link="https://a.fr")))

    assert written(text) == "Le dossier (https://ville.fr) https://a.fr"
