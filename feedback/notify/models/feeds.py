"""Feeds of one's own."""

import secrets

from django.conf import settings
from django.db import models

#: Characters of a key: about 190 bits.
KEY_LENGTH = 32


def new_key() -> str:
    """Return a new random key."""
    return secrets.token_urlsafe(KEY_LENGTH * 3 // 4)


class FeedKey(models.Model):
    """What stands in the addresses of a person's own feeds: whoever has one reads there what that person may read.

    It is kept as it is, since its person copies the addresses again and again, and it opens no more than the rows beside it.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_key"
    )
    key = models.CharField(max_length=KEY_LENGTH, unique=True, default=new_key)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feeds of {self.person_id}"
