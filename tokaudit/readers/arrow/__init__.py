"""Arrow data: files that another process reads, and pages of Parquet."""
