"""Who may do what on which product and board: who has a role there, and whom a board lets post and comment."""
