"""Hand-over: a signed token of the team's own product opens the forum as one of its users."""
