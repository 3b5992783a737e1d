"""Ingesters: which files of a domain are counted, with which reader and which cleaning."""
