"""Tests of the Telegram adapter, against the imitation of Telegram where a server is needed."""
