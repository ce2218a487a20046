"""E-mail, by which the staff is alerted: out only, by the town's own server."""
