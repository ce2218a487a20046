"""Names of things. Distinct types, so that a poll's name never stands where a campaign's is meant."""

from enum import StrEnum
from typing import NewType

PlatformName = NewType("PlatformName", str)  # "telegram"
AccountName = NewType("AccountName", str)  # the town's own name for one bot account: "telegram"
ChannelName = NewType("ChannelName", str)  # the town's own name for one public place: "place"
Address = NewType("Address", str)  # how a platform names a chat: "@ville" or "-1001234"
MessageId = NewType("MessageId", str)  # how a platform names a message within one chat
NativePollId = NewType("NativePollId", str)  # how a platform names its own poll that a message carries
CampaignId = NewType("CampaignId", str)
PollId = NewType("PollId", str)
AnnouncementId = NewType("AnnouncementId", str)
StepName = NewType("StepName", str)  # within its campaign: "closing", or "close_poll-usage"
OccurrenceId = NewType("OccurrenceId", int)
DeliveryId = NewType("DeliveryId", int)
LaneName = NewType("LaneName", str)  # "send:telegram", "listen:telegram"
CorrectionId = NewType("CorrectionId", int)
CitizenId = NewType("CitizenId", int)
ReplyId = NewType("ReplyId", int)
ReportId = NewType("ReportId", int)
CaseNumber = NewType("CaseNumber", int)
SanctionId = NewType("SanctionId", int)
ReviewId = NewType("ReviewId", int)
MemberKey = NewType("MemberKey", str)  # the town's own short name for one of its staff: "amartin"
AlertId = NewType("AlertId", int)
IntakeId = NewType("IntakeId", int)  # order of arrival, given by the one writer; larger is later
VoterKey = NewType("VoterKey", bytes)  # 16 bytes, keyed per poll: means nothing outside its poll
PersonRef = NewType("PersonRef", str)  # "telegram:12345"; never stored in clear, never logged


class Locale(StrEnum):
    """The languages Parvis speaks, French first."""

    FR = "fr"
    EN = "en"


def locale_for(tag: str | None) -> Locale:
    """The language to answer in for an IETF tag such as ``en-GB``: English when asked for, else French."""
    return Locale.EN if (tag or "").lower().split("-")[0] == "en" else Locale.FR
