"""The composition root: the one place that names concrete classes, reads the configuration and starts everything."""
