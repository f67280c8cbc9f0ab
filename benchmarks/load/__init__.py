"""An hour of everything at once, and half an hour of kills: `make bench-load`."""
