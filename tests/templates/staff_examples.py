"""Examples of what the staff is told and answered."""

from dataclasses import replace
from datetime import UTC, datetime

from core.alert import AlertKind
from core.identifiers import AlertId, DeliveryId
from core.messages import Message
from core.staff_messages import AlertItem, DeliverySettled, SettlingRefused, StaffAlert, TrialShown
from core.wording import Wording

ZONE = "Europe/Paris"
OPENS = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 3, 4, 17, 0, tzinfo=UTC)
TOWN = Wording(fr="Saint-Aubin-sur-Loire", en="Saint-Aubin-sur-Loire")
QUESTION = Wording(fr="Que faut-il planter sur la place ?", en="What should we plant on the square?")


def both(text: str) -> Wording:
    """The same words in both languages."""
    return Wording(fr=text, en=text)


DOUBTFUL = AlertItem(
    delivery=DeliveryId(41), place="place", account="telegram", fate="uncertain", at=OPENS, note="Uncertain: time-out"
)
ALERT = StaffAlert(
    alert=AlertId(12),
    campaign=Wording(fr="La place du Marché", en="Market Square"),
    step="open_poll-arbres",
    subject=QUESTION,
    items=(DOUBTFUL,),
    private=3,
    since=OPENS,
    zone=ZONE,
    answerable=True,
)
OUT = replace(DOUBTFUL, fate="out", by="Marie Roux", settled_at=CLOSES)
HALTED = StaffAlert(
    alert=AlertId(13), kind=AlertKind.HALT, account="discord", detail=both("401: the token"), since=OPENS, zone=ZONE
)

ORDINARY: tuple[Message, ...] = (
    ALERT,
    replace(ALERT, items=(DOUBTFUL, replace(DOUBTFUL, delivery=DeliveryId(42), place="", fate="failed", note=""))),
    replace(ALERT, items=()),
    replace(
        ALERT, items=(OUT, replace(OUT, by=""), replace(OUT, fate="again"), replace(OUT, fate="stopped")), over=True
    ),
    replace(ALERT, kind=AlertKind.FAILURE, items=(replace(DOUBTFUL, fate="failed"), replace(DOUBTFUL, fate="late"))),
    HALTED,
    replace(HALTED, over=True),
    *(StaffAlert(alert=AlertId(14), kind=kind, detail=both("alt text")) for kind in AlertKind),
    DeliverySettled(delivery=DeliveryId(41), out=True, by="Marie Roux", at=OPENS, zone=ZONE),
    DeliverySettled(delivery=DeliveryId(41), out=False, by="Marie Roux", at=OPENS, zone=ZONE),
    DeliverySettled(delivery=DeliveryId(41), out=True, by="Marie Roux", at=OPENS, zone=ZONE, before=True),
    SettlingRefused(reason="staff_only"),
    TrialShown(campaign=TOWN, step="announce-travaux", place="place", at=OPENS, zone=ZONE, poll=False, example=False),
    TrialShown(campaign=TOWN, step="remind-arbres", place="place", at=OPENS, zone=ZONE, poll=True, example=True),
)


def worst(hostile: str, long: str) -> tuple[Message, ...]:
    """The same with all that anybody could write."""
    return (
        StaffAlert(
            alert=AlertId(10**9),
            campaign=both(hostile),
            step=hostile,
            subject=both(long),
            items=(
                replace(DOUBTFUL, place=hostile, note=hostile * 9),
                *(replace(DOUBTFUL, place=hostile, note=long),) * 12,
            ),
            private=10**9,
            account=hostile,
            detail=both(long),
            since=OPENS,
            zone=ZONE,
            answerable=True,
        ),
        DeliverySettled(delivery=DeliveryId(10**9), out=True, by=hostile, at=CLOSES, zone=ZONE, before=True),
        SettlingRefused(reason="unclear"),
        TrialShown(campaign=both(long), step=hostile, place=hostile, at=OPENS, zone=ZONE, poll=True, example=True),
    )
