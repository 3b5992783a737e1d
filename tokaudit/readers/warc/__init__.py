"""Records of web archives: framed (`frames`), told apart (`documents`), and unpacked (`bodies`)."""
