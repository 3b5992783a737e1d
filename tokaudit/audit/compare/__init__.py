"""A measured source next to the published corpus it should be: the difference, split into causes."""
