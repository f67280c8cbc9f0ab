"""Pictures: reading what strangers send, and drawing what is shared."""
