"""Roles on a product or a board, offers of a role, and whom a board lets do something."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.accounts.joining.models import CODE_LENGTH, new_code
from feedback.accounts.models import PartRole, Role
from feedback.kernel.public_ids import PublicIdField


class Allowed(models.TextChoices):
    """Who may post on a board, or comment there. Everybody of these reads it too."""

    MEMBERS = "MEMBERS", _("Whoever has an account")
    RING = "RING", _("Those who are named on it, and the team")
    TEAM = "TEAM", _("The team alone")
    NOBODY = "NOBODY", _("Nobody: it is closed for new ones")


class Admitting(models.Model):
    """Something that says who may post and comment on it."""

    posters = models.CharField(
        _("who posts here"), max_length=8, choices=Allowed.choices, default=Allowed.MEMBERS
    )
    commenters = models.CharField(
        _("who comments here"), max_length=8, choices=Allowed.choices, default=Allowed.MEMBERS
    )
    readers: str
    voters_seen_by: str

    class Meta:
        abstract = True

    @property
    def names_people(self) -> bool:
        """Whether being named on it lets somebody do something there."""
        said = (self.readers, self.posters, self.commenters, self.voters_seen_by)
        return Allowed.RING in said


class Right(models.Model):
    """Somebody has a role on a product with all its boards, or on one board. What they have everywhere is `User.role`."""

    public_id = PublicIdField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rights"
    )
    role = models.CharField(max_length=12, choices=PartRole.choices)
    product = models.ForeignKey(
        "forum.Product", on_delete=models.CASCADE, null=True, related_name="+"
    )
    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, null=True, related_name="+")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(board__isnull=True, product__isnull=False)
                | Q(board__isnull=False, product__isnull=True),
                name="forum_right_of_one_place",
            ),
            models.CheckConstraint(
                condition=Q(role="MODERATOR") | Q(product__isnull=False),
                name="forum_right_of_a_board_moderates",
            ),
            models.UniqueConstraint(
                fields=["person", "product"],
                condition=Q(product__isnull=False),
                name="forum_right_once_a_product",
            ),
            models.UniqueConstraint(
                fields=["person", "board"],
                condition=Q(board__isnull=False),
                name="forum_right_once_a_board",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role}"


class Offer(models.Model):
    """A link by which one person takes a role, on the site or a part of it. It works once and until a day."""

    public_id = PublicIdField()
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    role = models.CharField(max_length=12, choices=Role.choices)
    product = models.ForeignKey(
        "forum.Product", on_delete=models.CASCADE, null=True, related_name="+"
    )
    board = models.ForeignKey("forum.Board", on_delete=models.CASCADE, null=True, related_name="+")
    mailed_to = models.EmailField(blank=True)
    invitation = models.OneToOneField(
        "accounts.Invitation",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="By which somebody signs up who has no account yet.",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.role}: {self.public_id}"
