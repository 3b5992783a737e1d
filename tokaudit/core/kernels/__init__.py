"""Compiled kernels: one C file, built with the wheel, and its Python interface."""
