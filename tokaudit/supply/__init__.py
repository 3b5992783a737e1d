"""Unique tokens by domain: measured, published, or as the user states them."""
