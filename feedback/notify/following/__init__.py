"""Following things, and muting them."""
