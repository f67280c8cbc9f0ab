"""Posting without an account, where a manager lets people: what a guest sends waits for the team."""
