"""Who gets in: what who signs up has to do, the keys of the team's own products, and the branches of invitations."""
