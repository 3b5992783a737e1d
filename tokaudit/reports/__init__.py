"""What people and programs read: rows, and a Plan in one file a format."""
