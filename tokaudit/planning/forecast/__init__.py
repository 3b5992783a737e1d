"""When demand for text passes what there is of it: stocks, settings, a Monte Carlo of both."""
