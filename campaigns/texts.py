"""The texts that officers wrote for a step, each with its place in the campaign file."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.campaign import Campaign, Step
from core.wording import Wording


class Role(StrEnum):
    """What a text is for."""

    TITLE = "title"
    BODY = "body"
    ALT = "alt"
    QUESTION = "question"
    OPTION = "option"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in both languages. ``place`` is its key, without the language; ``file`` the picture it describes."""

    place: str
    role: Role
    wording: Wording
    file: str = ""


def place_of(campaign: Campaign, step: Step) -> str:
    """The table of what a step says: ``announcements.news``."""
    table, name = ("polls", str(step.subject)) if step.says is None else ("announcements", str(step.says))
    return f"{table}.{name.removeprefix(f'{campaign.id}_')}"


def texts_of(campaign: Campaign, step: Step) -> Iterator[Text]:
    """What a step says in the words of officers, in reading order."""
    place = place_of(campaign, step)
    if step.says is not None:
        said = campaign.announcement(step.says)
        yield Text(place=f"{place}.title", role=Role.TITLE, wording=said.title)
        yield Text(place=f"{place}.body", role=Role.BODY, wording=said.body)
        for rank, image in enumerate(said.images):
            yield Text(place=f"{place}.images.{rank}.alt", role=Role.ALT, wording=image.alt, file=image.path.name)
        return
    asked = campaign.question(step.subject)
    yield Text(place=f"{place}.question", role=Role.QUESTION, wording=asked.question)
    for rank, option in enumerate(asked.options):
        yield Text(place=f"{place}.options.{rank}", role=Role.OPTION, wording=option)
