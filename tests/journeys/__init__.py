"""The stories of a citizen, an officer and a moderator, from end to end: the real service on a pretended Telegram."""
