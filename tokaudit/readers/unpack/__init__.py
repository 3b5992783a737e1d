"""The uncompressed bytes of a file, whatever its compression, within limits."""
