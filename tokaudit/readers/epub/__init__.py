"""E-books in the format EPUB: the package, its parts in the order of the spine, and their text."""
