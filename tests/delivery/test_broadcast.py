"""A message to thousands of people: what a look costs, however often the bell rings."""

from delivery.directory import Directory
from storage.vault import MemoryVault
from tests.delivery.post_office import CHANNELS, PostOffice, quiet, text


class _CountingVault(MemoryVault):
    """Counts how often an address is unsealed."""

    def __init__(self) -> None:
        super().__init__()
        self.unsealed = 0

    def unseal(self, sealed: bytes) -> str:
        """Count, and unseal."""
        self.unsealed += 1
        return super().unseal(sealed)


async def test_no_address_is_unsealed_before_it_is_needed() -> None:
    """A look at a broadcast must cost next to nothing, however often the bell rings meanwhile."""
    office = PostOffice()
    office.vault = vault = _CountingVault()
    office.directory = Directory(channels=CHANNELS, vault=vault)
    await office.plan(text(), *[await office.citizen(str(number)) for number in range(200)])

    with office.platform.slow("send"):
        async with office.open(office.dispatcher(at_once=2)) as lane:
            for _ in range(5):
                office.bell.ring()
                await quiet(lane)
            unsealed = vault.unsealed

    assert unsealed == 2
