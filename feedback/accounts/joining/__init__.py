"""Who may sign up: anybody, who is invited, who has an address of certain domains, or nobody; and what they accept."""
