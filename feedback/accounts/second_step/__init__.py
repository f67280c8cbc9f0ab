"""Passkeys, codes from an app, and the team that must have either."""
