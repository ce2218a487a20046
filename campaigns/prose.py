"""The rules of pre-flight about one text, each alone: languages, descriptions, days, hashtags, reading level."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from campaigns.days import SpokenDay, on_calendar, sentences, spoken_days
from campaigns.reading import HARDEST, level, run_together, without_links
from campaigns.texts import Role, Text
from core.folding import fold, words
from core.identifiers import Locale
from core.preflight import (
    Concern,
    DateImpossible,
    DatePast,
    DescriptionMissing,
    HardToRead,
    HashtagUnreadable,
    LanguageDoubtful,
    LanguageMissing,
    WeekdayWrong,
)

HISTORY = timedelta(days=400)  # an older day was written on purpose: last year's is the usual slip
LEAST_WORDS = 8  # of fewer, nobody can say which language they are: names are the same in both
_BEGINNING = 60  # characters of a sentence that is shown

_COMMON = {
    Locale.FR: frozenset(
        words("le la les des du une est et pour dans sur vous nous avec qui que ce cette sont au aux")
    ),
    Locale.EN: frozenset(words("the of and to in is for on you we with that this are not by from at it be your")),
}
_OTHER = {Locale.FR: Locale.EN, Locale.EN: Locale.FR}
_SAYS_NOTHING = frozenset(
    words("alt affiche dessin drawing figure illustration image img logo photo photographie picture poster visuel")
)


def languages(text: Text) -> Iterator[Concern]:
    """Each text stands in each language, in that language."""
    empty = [locale for locale in Locale if not text.wording[locale].strip()]
    yield from (LanguageMissing(place=f"{text.place}.{locale}", locale=locale) for locale in empty)
    if empty:
        return
    if _is_copied(text):
        said_in = reads_as(text.wording.fr)
        locale = Locale.FR if said_in is Locale.EN else Locale.EN
        kind = LanguageDoubtful if said_in is None else LanguageMissing  # addresses are the same in both
        yield kind(place=f"{text.place}.{locale}", locale=locale)
        return
    for locale in Locale:
        if reads_as(text.wording[locale]) is _OTHER[locale]:
            yield LanguageDoubtful(place=f"{text.place}.{locale}", locale=locale)


def reads_as(text: str) -> Locale | None:
    """The language whose commonest words a text is made of; None when it is too short, or not clear."""
    said = words(without_links(text))
    if len(said) < LEAST_WORDS:
        return None
    hits = {locale: sum(word in common for word in said) for locale, common in _COMMON.items()}
    for locale, other in _OTHER.items():
        if hits[locale] >= 3 and hits[locale] > 2 * hits[other]:
            return locale
    return None


def _is_copied(text: Text) -> bool:
    french, english = (words(without_links(text.wording[locale])) for locale in (Locale.FR, Locale.EN))
    return french == english and len(french) >= LEAST_WORDS


def descriptions(text: Text) -> Iterator[Concern]:
    """A description says what is to be seen: it is neither the name of the file nor the word «picture»."""
    if text.role is not Role.ALT:
        return
    stem = fold(text.file.rpartition(".")[0])
    for locale in Locale:
        said = text.wording[locale].strip()
        named = fold(said) in {fold(text.file), stem}
        if said and (named or all(word in _SAYS_NOTHING or word.isdigit() for word in words(said))):
            yield DescriptionMissing(place=f"{text.place}.{locale}", said=said)


def days(text: Text, out: date, *, retrospective: bool = False) -> Iterator[Concern]:
    """Each day exists, is the day of the week it is said to be, and lies ahead on the day the text goes out.

    A sentence that also names a day ahead, or today, may name earlier ones. A question may ask about what was.
    """
    may_be_past = retrospective or text.role is Role.QUESTION
    for locale in Locale:
        place = f"{text.place}.{locale}"
        for sentence in sentences(text.wording[locale]):
            known = []
            for spoken in spoken_days(sentence, locale):
                day = on_calendar(spoken, out, past=retrospective)
                known.append((spoken, day))
                yield from _on_the_calendar(place, spoken, day)
            if not may_be_past:
                yield from _past(place, known, out)


def _on_the_calendar(place: str, spoken: SpokenDay, day: date | None) -> Iterator[Concern]:
    if day is None:
        yield DateImpossible(place=place, said=spoken.said)
    elif spoken.weekday is not None and spoken.weekday != day.weekday():
        yield WeekdayWrong(place=place, said=spoken.said, day=day, weekday=spoken.weekday)


def _past(place: str, known: Collection[tuple[SpokenDay, date | None]], out: date) -> Iterator[Concern]:
    if any(day is not None and day >= out for _, day in known):
        return
    for spoken, day in known:
        if day is not None and day > out - HISTORY:
            yield DatePast(place=place, said=spoken.said, day=day, out=out)


def hashtags(text: Text, known: Collection[str]) -> Iterator[Concern]:
    """Each word of a hashtag begins with a capital: screen readers then read them one by one."""
    for locale in Locale:
        for said, better in run_together(text.wording[locale], known):
            yield HashtagUnreadable(place=f"{text.place}.{locale}", said=said, better=better)


def reading(text: Text) -> Iterator[Concern]:
    """French that people with little time or little French can read."""
    found = level(text.wording.fr) if text.role is Role.BODY else None
    if found is not None and found.score > HARDEST:
        begins = found.longest[:_BEGINNING].rpartition(" ")[0] or found.longest
        yield HardToRead(place=f"{text.place}.fr", score=found.score, limit=HARDEST, longest=found.words, begins=begins)


def vocabulary(texts: Collection[Text]) -> frozenset[str]:
    """The folded words that a campaign uses, hashtags aside."""
    said = (text.wording[locale] for text in texts for locale in Locale)
    spoken = (" ".join(word for word in text.split() if not word.startswith("#")) for text in said)
    return frozenset(word for text in spoken for word in words(without_links(text)))
