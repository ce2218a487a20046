"""From the configuration to the placement of lanes: the packages of a cluster are imported only where there is one."""

from collections.abc import Callable
from importlib.util import find_spec

from app.settings import Settings
from core.errors import Finding, Misconfigured
from core.ports.engine import Placement, Role

_CURE = "pip install --require-hashes -r requirements/cluster.txt"


def placement_of(settings: Settings, *, told: Callable[[], None]) -> Placement | None:
    """Who says which lanes run here; None where they all do. ``told`` is called when others may have planned something.

    Raises Misconfigured without the packages of a cluster.
    """
    if not settings.in_cluster:
        return None
    if find_spec("pgqueuer") is None:
        raise _refused(settings, f"a cluster needs PgQueuer, which is not installed: {_CURE}")
    from storage.cluster.placement import ClusterPlacement  # noqa: PLC0415  only towns on several hosts have it

    return ClusterPlacement(settings.store_url, told=told, most=settings.most_lanes)


def refuse_role(settings: Settings, role: Role) -> None:
    """Raise Misconfigured for a part of the work where nobody else would do the rest."""
    if not settings.in_cluster and role is not Role.ALL:
        raise _refused(settings, f"the role «{role}» is for a cluster: one process does everything here")


def _refused(settings: Settings, problem: str) -> Misconfigured:
    return Misconfigured(Finding(file=settings.file, line=0, key="engine.kind", problem=problem))
