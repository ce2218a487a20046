"""The real words, made once."""

import pytest

from core.identifiers import Locale
from templates import rehearsal
from templates.environment import environment
from templates.officers import OfficersText
from templates.render import JinjaWords
from tests.templates.examples import TOWN


def pytest_collection_finish(session: pytest.Session) -> None:
    """Compile all templates while there is still one process: the copies find it done."""
    if session.config.getoption("--workers"):
        for locale in Locale:
            words = environment(locale, OfficersText({}))
            for name in words.list_templates():
                words.get_template(name)
            rehearsal.template(locale, OfficersText({}))


@pytest.fixture(scope="session")
def words() -> JinjaWords:
    """The words of the town of the examples."""
    return JinjaWords(town=TOWN)
