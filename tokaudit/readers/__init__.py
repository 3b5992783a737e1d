"""Bytes to text: finding files, detecting their format, and reading each format as batches of text."""
