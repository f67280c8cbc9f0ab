"""Joining items and splitting one, so that no address dies and everyone who asked comes along."""
