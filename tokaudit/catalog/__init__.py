"""The DuckDB file and what lies beside it: connection, sources, writer, signatures, completeness."""
