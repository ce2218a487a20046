"""How to speak to Telegram: python-telegram-bot lives here and nowhere else."""
