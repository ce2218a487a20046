"""The rules of pre-flight about what networks take, from the calls that will be made and from what they allow."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from campaigns.preview import Showing
from campaigns.texts import place_of
from core.announcement import Announcement
from core.campaign import Campaign
from core.capabilities import Capabilities
from core.identifiers import Locale
from core.preflight import (
    Concern,
    DescriptionTooLong,
    Divided,
    PictureGone,
    PictureTooHeavy,
    TooLong,
    Unsendable,
)

MOST_MESSAGES = 5  # for one text: nobody reads a sixth


def fitting(campaign: Campaign, showing: Showing, on: Capabilities) -> Iterator[Concern]:
    """Whether one message can be sent, and in how many pieces."""
    place = place_of(campaign, showing.step)
    if showing.refusal:
        where = showing.channel.name if showing.channel else showing.account
        yield Unsendable(place=place, network=on.title, where=where, detail=showing.refusal)
        return
    messages = sum(not part.repeatable for part in showing.parts)
    announced = None if showing.step.says is None else campaign.announcement(showing.step.says)
    if messages > MOST_MESSAGES + _for_pictures(announced, on):
        yield TooLong(
            place=place,
            network=on.title,
            locale=showing.locale,
            messages=messages,
            most=MOST_MESSAGES,
            allows=on.longest_text,
        )
    elif announced is not None and messages > max(_for_pictures(announced, on), 1):
        yield Divided(place=place, network=on.title, locale=showing.locale, messages=messages, allows=on.longest_text)


def _for_pictures(announced: Announcement | None, on: Capabilities) -> int:
    """The messages that the pictures of an announcement ask for, beside its text where no caption holds that."""
    if announced is None or not announced.images:
        return 0
    together = max(on.most_pictures_together, 1)
    return -(-len(announced.images) // together) + (on.longest_caption < on.longest_text)


def pictures(
    place: str, announced: Announcement, on: Collection[Capabilities], sizes: Mapping[Path, int | None]
) -> Iterator[Concern]:
    """Whether each network takes the pictures and their descriptions. ``sizes`` in bytes, None for no such file."""
    for rank, image in enumerate(announced.images):
        here = f"{place}.images.{rank}"
        size = sizes.get(image.path)
        if size is None:
            yield PictureGone(place=f"{here}.file", file=image.path.name)
        for each in on:
            if size is not None and 0 < each.largest_picture < size:
                yield PictureTooHeavy(place=f"{here}.file", network=each.title, needs=size, allows=each.largest_picture)
            for locale in Locale:
                needs = len(image.alt[locale])
                if 0 < each.longest_description < needs:
                    yield DescriptionTooLong(
                        place=f"{here}.alt.{locale}", network=each.title, needs=needs, allows=each.longest_description
                    )
