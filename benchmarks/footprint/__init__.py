"""What a town's service takes when nothing happens: the time to start, the memory and the processor time at rest."""
