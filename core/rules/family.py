"""The families of rules beside words.

| family        | a message breaks it when                                                  | its sign         |
|---------------|---------------------------------------------------------------------------|------------------|
| `links`       | it leads to a domain that is denied, or outside those allowed, or is only | `denied-link`, … |
| `lookalikes`  | it leads to a domain that can be taken for one of the town's              | `lookalike`      |
| `invitations` | it invites into another group                                             | `invitation`     |
| `floods`      | its author wrote more than so many within some time                       | `flood`          |
| `crowds`      | its chat had more than so many within some time                           | `crowd`          |
| `copies`      | more than so many like it were written, by whomever, wherever             | `copy`           |
| `media`       | something is attached to it that is denied, or it is only passed on       | `media`, …       |

Each looks at a message alone and says what it saw, or nothing. All that it may know is in the message.
"""

from typing import Protocol

from core.rules.context import Message
from core.rules.hit import Hit


class Family(Protocol):
    """A rule of one family, with what the charter says about it."""

    def look(self, message: Message) -> Hit | None:
        """What it sees in a message; None: the message does not break it."""
        ...
