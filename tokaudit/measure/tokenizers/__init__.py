"""Tokens of a text: vocabularies by name, and counters that agree with the reference."""
