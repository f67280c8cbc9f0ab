"""Claiming old words: an imported author proves who they are, and what was theirs is that person's from then on."""
