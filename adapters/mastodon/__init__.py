"""One Mastodon account, by Mastodon.py: posts, threads and replies on Mastodon and on servers with the same API."""
