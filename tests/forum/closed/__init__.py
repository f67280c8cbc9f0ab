"""Boards that not everybody reads."""
