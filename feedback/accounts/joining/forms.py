"""Signing up, by e-mail and password, or by a provider."""

from allauth.account.forms import SignupForm
from allauth.socialaccount.forms import SignupForm as ProviderSignupForm

from feedback.accounts.joining.fields import InOneGo


class SignUpForm(InOneGo, SignupForm):
    """An account with its name, what was accepted, and who invited."""


class SocialSignUpForm(InOneGo, ProviderSignupForm):
    """An account that a provider opens, with the same: the last step there."""

    field_order = ["display_name", "email", "invitation"]
