"""Posts from sheets and calendars."""
