"""Who turned out to be which imported author, and the codes that prove it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField

#: Where guests come from, who posted here without an account: the source of no file.
GUEST = "no-account"


class Claim(models.Model):
    """An imported author turned out to be a person here: what was theirs is that person's.

    The author's own row stays, without words: an import finds them by it, and through this the person.
    """

    class Proof(models.TextChoices):
        ADDRESS = "ADDRESS", _("by their own address")
        MAIL = "MAIL", _("by a code in a mail")
        CODE = "CODE", _("by a code from the team")
        PROVIDER = "PROVIDER", _("by signing in where they wrote")

    public_id = PublicIdField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claimed"
    )
    proof = models.CharField(max_length=8, choices=Proof.choices)
    claimed_at = models.DateTimeField()
    moved = models.JSONField(
        default=dict, help_text="What each room handed over: what undoing gives back."
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author"], condition=Q(undone_at=None), name="accounts_claimed_once"
            ),
            models.CheckConstraint(
                condition=~Q(author=F("person")), name="accounts_claims_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} is {self.person_id}"

    @property
    def source(self) -> str:
        """Where the words came from, as the import called it."""
        return source_of(self.author.origin_key)


class ClaimCode(models.Model):
    """A code that proves once who somebody is: mailed to an address for one person, or made by the team for an author.

    Only its digest is kept. The row of a mailed one is there before the code is, whoever's address it is.
    """

    public_id = PublicIdField()
    digest = models.CharField(max_length=64, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="claim_codes"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    address = models.EmailField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=~Q(digest=""), name="accounts_claim_code_once"
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False, made_by__isnull=False, address="", person=None)
                | (Q(author=None, made_by=None, person__isnull=False) & ~Q(address="")),
                name="accounts_claim_code_shape",
            ),
        ]

    def __str__(self) -> str:
        return f"code {self.public_id}"


def source_of(origin_key: str) -> str:
    """Return the name of the source in the key of an imported person, of a guest in words."""
    name = origin_key.partition(":")[0]
    return gettext("posted here without an account") if name == GUEST else name
