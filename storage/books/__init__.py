"""The books over SQL, one file each, named like those of ``core.ports.books``."""
