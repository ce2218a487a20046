"""The way into a forked process, by name: whoever starts it need not have read what it runs."""

from importlib import import_module


def enter(module: str, function: str, *arguments: str) -> None:
    """Call a function that takes texts."""
    getattr(import_module(module), function)(*arguments)
