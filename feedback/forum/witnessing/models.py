"""That somebody sees a bug too, and that somebody says two posts ask the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

WHERE_LENGTH = 60


class Reproduction(models.Model):
    """Somebody sees the bug of a post too, on their version and device; whoever posted it or the team confirms that it helps."""

    public_id = PublicIdField()
    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="reproductions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reproductions"
    )
    version = LineColumn(_("your version"), most=WHERE_LENGTH, blank=True)
    device = LineColumn(_("your device"), most=WHERE_LENGTH, blank=True)
    said_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], name="forum_reproduced_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} sees {self.post_id}"


class SameAs(models.Model):
    """Somebody says that two posts ask the same. The older post stands first, so that a pair is one pair."""

    post = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("forum.Post", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="said_same"
    )
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "other", "person"], name="forum_said_same_once"
            ),
            models.CheckConstraint(
                condition=Q(post__lt=F("other")), name="forum_same_as_older_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} = {self.other_id}"
