"""Records and cells of CSV."""
