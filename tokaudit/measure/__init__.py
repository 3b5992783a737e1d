"""Text to integers: tokens, fingerprints, bytes and words."""
