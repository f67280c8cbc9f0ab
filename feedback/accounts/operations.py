"""What people change about themselves."""

from django.db import transaction

from feedback.accounts.models import User


def edit_profile(*, person: User, display_name: str, bio: str, language: str) -> None:
    """Change how ``person`` is shown and spoken to. An empty language is that of the browser."""
    with transaction.atomic():
        person.display_name = " ".join(display_name.split())
        person.bio = " ".join(bio.split())
        person.language = language
        person.save(update_fields=["display_name", "bio", "language"])


def choose_language(*, person: User, language: str) -> None:
    """Remember the language that ``person`` switched to; mails are written in it."""
    User.objects.filter(pk=person.pk).exclude(language=language).update(language=language)
