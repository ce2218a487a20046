"""Votes through Telegram's Bot API over loopback: hearing, storing, answering, against stock python-telegram-bot."""
