"""Votes through the store, each acknowledged after its commit, against the database alone and against the usual way."""
