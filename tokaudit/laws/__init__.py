"""Scaling laws: the shapes they have, the published ones, and those fitted to one's own runs."""
