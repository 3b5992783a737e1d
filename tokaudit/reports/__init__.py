"""Plans, rows and corpora as text, JSON, CSV and Markdown: one file a format in ``formats``, words beside it."""
