"""A checker of the operator's own, elsewhere: asked about what new people post, after it stands or waits as the house has it."""
