"""What people send along with their words."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import LENGTH as PUBLIC_ID_LENGTH
from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

FILE_NAME_LENGTH = 120
ALT_LENGTH = 300


class Attachment(models.Model):
    """A file of one person's, under one of their posts or comments; under none while they write, and once that is erased.

    The row is there before its files and goes after them, so that no file lies about without anybody knowing of it.
    """

    class Kind(models.TextChoices):
        IMAGE = "IMAGE", _("Picture")
        VIDEO = "VIDEO", _("Video")
        LOG = "LOG", _("Log")

    public_id = PublicIdField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attachments"
    )
    post = models.ForeignKey(
        "forum.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="attachments"
    )
    comment = models.ForeignKey(
        "forum.Comment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="attachments",
    )
    draft = models.CharField(
        max_length=PUBLIC_ID_LENGTH,
        blank=True,
        help_text="The key of its owner's draft that it belongs to, while that is not sent.",
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = LineColumn(_("file name"), most=FILE_NAME_LENGTH)
    alt = LineColumn(_("what the picture shows"), most=ALT_LENGTH, blank=True)
    width = models.PositiveIntegerField(default=0, help_text="Pixels of a picture.")
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(help_text="Bytes of the file as it is handed out.")
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=120, blank=True, help_text="Its name in the storage.")
    stored_small = models.CharField(
        max_length=120, blank=True, help_text="That of the small one, of a picture."
    )
    uploaded_at = models.DateTimeField()
    is_stored = models.BooleanField(default=False, help_text="Its files lie in the storage.")
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="Nobody gets it any more, and its files go soon."
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=True) | Q(comment__isnull=True),
                name="forum_attachment_of_one",
            )
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=Q(post__isnull=True, comment__isnull=True),
                name="forum_attachment_loose",
            ),
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False),
                name="forum_attachment_removed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it is shown, and not only handed out."""
        return self.kind == self.Kind.IMAGE

    @property
    def address(self) -> str:
        """Where it is read."""
        return reverse("forum:attachment", args=[self.public_id])

    @property
    def small_address(self) -> str:
        """Where the small one of a picture is read."""
        return reverse("forum:attachment-small", args=[self.public_id])

    @property
    def in_words(self) -> str:
        """What puts the picture into a text."""
        return f"![](attachment:{self.public_id})"
