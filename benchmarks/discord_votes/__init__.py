"""Votes through Discord's gateway over loopback: hearing, storing, answering in private, against plain discord.py."""
