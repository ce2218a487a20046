"""What each call does. ``catalogue.ENDPOINTS`` maps Discord's addresses to functions from a call to its result."""
