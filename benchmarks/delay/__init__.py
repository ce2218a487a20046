"""From the instant at which something is due to the instant at which the network has it."""
