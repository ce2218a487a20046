"""The ``parvis`` command: what an operator and an officer type."""
