"""Which field or column contains the text, by paths such as ``a.b`` and ``messages[].content``."""
