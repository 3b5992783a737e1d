"""Which files of a domain are counted, by which reader, and what is cleaned away first."""
