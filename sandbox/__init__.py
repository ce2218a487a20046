"""A town to rehearse in: strict imitations of the platforms, with people, a journal and misbehaviour on demand.

Nothing here imports anything of ours: it is a second, independent belief about what the platforms do, so that a
mistake in an adapter is not repeated by the place that checks it.
"""
