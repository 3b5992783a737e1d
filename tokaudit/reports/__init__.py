"""Plans, tables and corpora as text, JSON, CSV and Markdown: one file per format in ``formats``, next to the words."""
