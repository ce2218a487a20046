"""What is particular to the databases: their files, their failures, their speed."""
