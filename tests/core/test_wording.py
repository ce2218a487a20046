"""Words exist in every language Parvis speaks."""

import pytest

from core.identifiers import Locale
from core.wording import Wording


@pytest.mark.parametrize(("locale", "words"), [(Locale.FR, "le pont"), (Locale.EN, "the bridge")])
def test_words_are_found_by_language(locale: Locale, words: str) -> None:
    """Never in another one."""
    assert Wording(fr="le pont", en="the bridge")[locale] == words
