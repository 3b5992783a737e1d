"""Scaling laws: their forms, the published ones, and those that users fit to their own runs."""
