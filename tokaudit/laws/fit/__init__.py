"""A law of one's own from a table of training runs."""
