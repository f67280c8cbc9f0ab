"""What the team says to everyone behind an ask after the first word: edits, templates, a question to all of them."""
