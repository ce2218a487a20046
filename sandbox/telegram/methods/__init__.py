"""What each method does. ``METHODS`` maps Telegram's names to functions from a call to its result."""
