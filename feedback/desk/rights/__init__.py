"""The administrators' page of who may do what: people, their roles, and links that offer one."""
