"""Real processes, killed at every boundary of storage and network, and judged by the sandbox's journal."""
