"""A loopback Mastodon: its REST API and streaming as a program meets them, with people of this server and of others.

Its rules were read in Mastodon's source (4.7 alpha) and, for the second profile, seen by running GoToSocial 0.20.
"""
