"""The program: commands, their common options, progress, demo."""
