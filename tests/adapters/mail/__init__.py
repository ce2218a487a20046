"""Tests of mail to the staff, against a mail server that others wrote."""
