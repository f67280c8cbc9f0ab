"""Boards that not everybody reads: who does, and that nothing of them is seen elsewhere."""
