"""The way out of the town's network."""

import os

import pytest

from adapters.proxy import proxy_for

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"HTTPS_PROXY": PROXY}, PROXY),
        ({"https_proxy": PROXY}, PROXY),
        ({"HTTP_PROXY": PROXY}, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "api.telegram.org"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("scheme", ["https", "wss"])
def test_the_proxy_is_the_one_the_environment_names(
    environment: dict[str, str], variables: dict[str, str], scheme: str, expected: str | None
) -> None:
    """As for every other program on the machine; a stream takes the way of calls."""
    os.environ.update(variables)
    environment.update(variables)

    assert proxy_for(f"{scheme}://api.telegram.org") == expected
