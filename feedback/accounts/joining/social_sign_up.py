"""Signing up by a provider, the last step: what one is called here, and what one accepts."""

from allauth.socialaccount.forms import SignupForm

from feedback.accounts.joining.fields import InOneGo


class SocialSignUpForm(InOneGo, SignupForm):
    """An account that a provider opens, with its name, what was accepted, and who invited."""

    field_order = ["display_name", "email", "invitation"]
