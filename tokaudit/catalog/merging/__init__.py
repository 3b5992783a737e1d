"""Bringing the rows and signatures of another catalog into one."""
