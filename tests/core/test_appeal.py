"""Who may decide an appeal."""

import pytest

from core.appeal import may_decide
from core.identifiers import MemberKey
from core.staff import CONSOLE, Approval, Staff
from tests.core.test_staff import ANNE, CHLOE, staff


@pytest.mark.parametrize(
    ("town", "who", "expected"),
    [
        (staff(), CHLOE, True),
        (staff(), ANNE, False),
        (staff(Approval.SOLO), ANNE, True),
        (staff(), MemberKey("gone"), False),
        (staff(), CONSOLE, False),
        (Staff(), CONSOLE, True),
    ],
    ids=["another", "who decided", "one does everything", "who has left", "nobody at a machine", "nobody is named"],
)
def test_another_person_decides(town: Staff, who: MemberKey, *, expected: bool) -> None:
    """With the right, and without a part in what was decided."""
    assert may_decide(town, who, {ANNE, CONSOLE}) is expected
