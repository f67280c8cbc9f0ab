"""What members say of the posts of others: that they see the same bug, and that two posts ask the same."""
