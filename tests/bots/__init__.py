"""What people do, and what the bots answer."""
