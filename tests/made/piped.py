"""Stdin in tests: bytes where a pipe would be."""

import io

import pytest


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Make stdin give these bytes."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
