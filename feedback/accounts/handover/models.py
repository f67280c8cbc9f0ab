"""The keys with which products sign, whom they vouched for, and the tokens that were used."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.kernel.public_ids import PublicIdField
from feedback.kernel.typed import LineColumn

ISSUER_LENGTH = 60
SUBJECT_LENGTH = 200
FACT_LENGTH = 60


class HandOverKey(models.Model):
    """A key with which a product signs tokens: a secret that both know, or the public half of the product's own.

    Several of one ``issuer`` work at once, so that one may take over from another. ``public_id`` is the ``kid`` of tokens.
    ``secret`` is as good as a password: it is shown once.
    """

    class Kind(models.TextChoices):
        HS256 = "HS256", _("A secret that Heed makes (HS256)")
        EDDSA = "EdDSA", _("A public key of yours (Ed25519)")
        RS256 = "RS256", _("A public key of yours (RSA)")

    public_id = PublicIdField()
    issuer = models.SlugField(_("product"), max_length=ISSUER_LENGTH, db_index=True)
    kind = models.CharField(_("kind of key"), max_length=8, choices=Kind.choices)
    secret = models.CharField(max_length=100, blank=True)
    public_key = models.TextField(_("public key"), max_length=4_000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(
        null=True, help_text="When it last opened the forum for anybody."
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="HS256", public_key="") & ~Q(secret=""))
                | (~Q(kind="HS256") & Q(secret="") & ~Q(public_key="")),
                name="accounts_hand_over_key_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.public_id}"


class ProductAccount(models.Model):
    """Who a person is in a product, and what it said of them last. The facts are the team's to read, nobody else's."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="product_accounts"
    )
    issuer = models.CharField(max_length=ISSUER_LENGTH)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    plan = LineColumn(_("plan"), most=FACT_LENGTH, blank=True, db_index=True)
    product_version = LineColumn(_("version"), most=FACT_LENGTH, blank=True)
    device = LineColumn(_("device"), most=FACT_LENGTH, blank=True)
    model = LineColumn(_("model"), most=FACT_LENGTH, blank=True)
    segment = LineColumn(_("segment"), most=FACT_LENGTH, blank=True, db_index=True)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="accounts_product_account_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer}:{self.subject}"


class UsedToken(models.Model):
    """A token that was used, until it would have ended anyway."""

    issuer = models.CharField(max_length=ISSUER_LENGTH)
    digest = models.CharField(max_length=64)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "digest"], name="accounts_token_once"),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.digest[:8]}"
