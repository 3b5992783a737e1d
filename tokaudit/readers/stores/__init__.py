"""Stores of token ids and their indexes."""
