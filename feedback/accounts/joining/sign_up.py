"""Signing up by e-mail and password."""

from allauth.account.forms import SignupForm

from feedback.accounts.joining.fields import InOneGo


class SignUpForm(InOneGo, SignupForm):
    """An account with its name, what was accepted, and who invited."""
