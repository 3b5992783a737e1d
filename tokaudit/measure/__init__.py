"""From text to numbers: tokens, fingerprints, bytes and words."""
