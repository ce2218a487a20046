"""One list of runtime dependencies, and one for a cluster: requirements/*.in, read by the build."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class DependenciesFromRequirements(MetadataHookInterface):
    """Fill the dependencies of the distribution from the files that the locks are made of."""

    def update(self, metadata: dict[str, object]) -> None:
        """What every town needs, and what one on several hosts needs besides."""
        metadata["dependencies"] = self._wanted("runtime")
        metadata["optional-dependencies"] = {"cluster": self._wanted("cluster")}

    def _wanted(self, name: str) -> list[str]:
        """Each line of the file that names a package."""
        lines = (Path(self.root) / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
        return [line for line in map(str.strip, lines) if line and line[0] not in "#-"]
