"""Code that every room shares: errors, batches, units, Arrow columns, plugin folders."""
