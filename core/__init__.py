"""The vocabulary and the rules of a town's conversation: frozen values and pure functions, standard library only."""
