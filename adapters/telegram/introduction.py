"""The commands in the bot's menu, set only when they changed."""

import hashlib
import json

from telegram import Bot, BotCommand

from adapters.telegram import limits
from core.identifiers import Locale
from core.ports.platform import Introduction

_FOR_ALL = Locale.FR  # whoever speaks none of our languages is addressed in French


async def introduce(bot: Bot, introduction: Introduction, *, known: str | None) -> str:
    """Set the menus unless ``known`` says that these are set already; returns what to know next time."""
    digest = hashlib.sha256(json.dumps(introduction.commands, sort_keys=True).encode()).hexdigest()
    if digest == known:
        return digest
    for language, commands in introduction.commands.items():
        menu = [BotCommand(name, text[: limits.LONGEST_COMMAND_DESCRIPTION]) for name, text in commands]
        await bot.set_my_commands(menu, language_code=None if language == _FOR_ALL else language)
    return digest
