"""Compiled code, in one file of C that is built with the wheel, and its one face to Python."""
