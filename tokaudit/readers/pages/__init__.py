"""From pages and books to their text."""
