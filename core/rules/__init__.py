"""What an article can forbid beside words, one family of rules a file; the table of them is ``core.rules.family``."""
