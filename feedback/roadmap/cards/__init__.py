"""The cards of items and releases: what other sites show when somebody shares their address."""
