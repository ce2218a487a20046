"""What the core asks of the outside world: narrow protocols, one file each; every fake implements one of them."""
