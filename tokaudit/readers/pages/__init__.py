"""Web pages: their character set, and the text that counts of them."""
