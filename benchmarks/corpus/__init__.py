"""What the default charter finds of hostile messages, and what it takes for hostile of ordinary ones."""
