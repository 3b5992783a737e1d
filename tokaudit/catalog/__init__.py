"""The DuckDB file and the files next to it: connection, sources, writer, signatures, completeness."""
