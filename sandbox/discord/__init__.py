"""An imitation of Discord's HTTP interface and gateway, strict, over loopback, with a journal.

``server.DiscordServer`` answers programs, ``world.World`` holds the town, ``control`` opens it to other processes.
"""
