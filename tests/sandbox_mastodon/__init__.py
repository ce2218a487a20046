"""The loopback Mastodon: what it accepts, what it refuses, and what the real library makes of it."""
