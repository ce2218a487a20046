"""A host dies or freezes: how long nobody hears people on Telegram and on Discord."""
