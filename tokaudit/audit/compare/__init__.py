"""A measured source beside the published corpus it should be: the difference, taken apart into causes."""
