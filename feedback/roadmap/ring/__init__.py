"""The beta ring of a release: opened in one step, answered by those invited, closed on release day."""
