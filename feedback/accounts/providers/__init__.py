"""Signing in by GitHub, Google, WeChat and others: those that the operator set up, by django-allauth."""
