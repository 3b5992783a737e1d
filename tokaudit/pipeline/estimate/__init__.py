"""What an ingest would take, from a sample."""
