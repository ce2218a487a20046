"""What a network says when it keeps a message back."""

import pytest

from core.identifiers import Locale
from core.moderation import Rule
from templates.filtering import described
from tests.core.examples import words

RULE = Rule(article="2 {b}", wording=words("No {adverts}"), forbidden=())


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            Locale.FR,
            ("Parvis : article 2 {b}", "Message non publié, article 2 {b} de la charte : No {adverts} (fr)"),
        ),
        (Locale.EN, ("Parvis: article 2 {b}", "Message not published, article 2 {b} of the charter: No {adverts}")),
    ],
    ids=["fr", "en"],
)
def test_the_article_is_named_and_quoted(locale: Locale, said: tuple[str, str]) -> None:
    """Whatever signs officers wrote."""
    assert described(RULE, locale) == said
