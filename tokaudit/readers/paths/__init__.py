"""What the user names: files, folders, globs, URLs, and text from a pipe."""
