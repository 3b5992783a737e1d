"""Unique tokens per domain: measured, published, or stated by the user."""
