"""Data that a program has in memory or makes: rows of frames and datasets, and single texts."""
