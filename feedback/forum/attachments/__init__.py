"""Pictures, videos and logs that stand under a post or a comment."""
