"""One list of runtime dependencies: requirements/runtime.in, read by the build."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class DependenciesFromRequirements(MetadataHookInterface):
    """Fill ``dependencies`` of the distribution from the file that the lock is made of."""

    def update(self, metadata: dict[str, object]) -> None:
        """Take each line of the file that is neither empty nor a comment."""
        lines = (Path(self.root) / "requirements" / "runtime.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [line for line in map(str.strip, lines) if line and not line.startswith("#")]
