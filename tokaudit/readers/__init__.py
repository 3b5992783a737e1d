"""Bytes to text: which files there are, what is in them, and each format as batches of text."""
