"""How stages are run: one file an engine."""
