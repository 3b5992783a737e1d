"""Forecast of when demand for text exceeds the stock: stocks, settings, and a Monte Carlo simulation of both."""
