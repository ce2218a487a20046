"""What people cannot do, on whatever network."""


class Impossible(Exception):
    """A person tried what their application would not let them do."""
