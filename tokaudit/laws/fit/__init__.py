"""Fitting a scaling law to a table of training runs."""
