"""An imitation of Telegram's Bot API, strict where the official server is strict.

What it does is read from the official server's source, ``tdlib/telegram-bot-api`` 10.0 of 2026-05-07 (cited as
``Client.cpp function``) and ``tdlib/td`` of 2026-07-17 (cited as ``td File.cpp function``): facts, no code.
"""
