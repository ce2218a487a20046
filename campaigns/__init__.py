"""Deciding what goes out and when: campaign files, the steps that fall due, what each of them says and to whom."""
