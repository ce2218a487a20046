"""What one transaction can read and change: a narrow port for each book, named like those of ``storage/books``."""
