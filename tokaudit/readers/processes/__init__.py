"""Processes that read for this one, so that what a file does to a library harms nothing else."""
