"""One package per social network, each behind ``core.ports.platform``; they know nothing of one another."""
