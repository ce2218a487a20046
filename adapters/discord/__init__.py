"""One Discord application, by discord.py: channels, threads, buttons, commands and private messages."""
