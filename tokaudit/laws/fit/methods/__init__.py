"""Methods of fitting: one file a method."""

from typing import Final

from tokaudit.core.plugins import Registry
from tokaudit.laws.fit.protocol import Method

METHODS: Final = Registry[Method]("tokaudit.laws.fit.methods", "FIT", "method")
