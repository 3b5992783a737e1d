"""Fitting methods: one file per method."""

from typing import TYPE_CHECKING, Final

from tokaudit.core.plugins import Registry

if TYPE_CHECKING:
    from tokaudit.laws.fit.protocol import Method

METHODS: "Final[Registry[Method]]" = Registry("tokaudit.laws.fit.methods", "FIT", "method")
