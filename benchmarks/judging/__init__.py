"""How fast the charter judges messages."""
