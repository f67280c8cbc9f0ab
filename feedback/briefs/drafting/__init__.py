"""Drafting a brief: what a week's rows say, put into sentences; whose sentences those are; whom to quote."""
