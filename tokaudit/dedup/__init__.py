"""Which texts are alike, and who of them counts: band keys propose pairs, re-reading verifies, components group."""
