"""A text in every language Parvis speaks: French and English always together."""

from dataclasses import dataclass

from core.identifiers import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The same words in French and in English."""

    fr: str
    en: str

    def __getitem__(self, locale: Locale) -> str:
        """The words in ``locale``."""
        match locale:
            case Locale.FR:
                return self.fr
            case Locale.EN:
                return self.en
