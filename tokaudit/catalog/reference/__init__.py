"""Published facts that ship with tokaudit, as typed rows."""
