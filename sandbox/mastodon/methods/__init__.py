"""What a program may ask of the imitation, one family of addresses a file."""
