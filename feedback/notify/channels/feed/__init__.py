"""What is public, as Atom feeds: new posts, an ask, what the team says, the roadmap."""
