"""Bringing what a team has: a file arrives, is looked at, taken, mended and perhaps undone."""
