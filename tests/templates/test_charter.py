"""The page of the charter: what /rules shows, in both languages."""

from core.messages import RulesShown
from core.moderation import Severity
from core.wording import Wording
from templates.charter import page

TOWN = Wording(fr="Saint-Aubin", en="Saint-Aubin")


def test_the_page_shows_every_article_in_both_languages_with_its_weight() -> None:
    """Whoever was moderated can point to it."""
    article = ("3", Wording(fr="Sans insulte.", en="No insults."), Severity.GRAVE)

    shown = page(TOWN, RulesShown(version="2027-1", articles=(article,))).replace("\u00a0", " ")

    assert "<p>Article 3 (manquement grave) : Sans insulte.</p>" in shown
    assert "<p>Article 3 (grave breach): No insults.</p>" in shown
    assert shown.count("2027-1") == 2


def test_what_officers_write_is_text_and_never_markup() -> None:
    """A charter is copied from anywhere."""
    article = ("<i>", Wording(fr="<script>", en="<script>"), Severity.MINOR)

    shown = page(Wording(fr="<b>", en="<b>"), RulesShown(version="<u>", articles=(article,)))

    assert not [mark for mark in ("<script>", "<i>", "<u>", "<h1><b>") if mark in shown]
