"""Near-duplicates, and which document of each group counts.

Band keys propose pairs, re-reading verifies them, connected components group them.
"""
