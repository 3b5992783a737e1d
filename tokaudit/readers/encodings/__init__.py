"""Old encodings of plain text, known by what the text says of itself and by its bytes."""
