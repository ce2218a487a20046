"""The adapter of Mastodon over the imitation of Mastodon and of GoToSocial."""
