"""Releases of a product."""

from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import VERSION_LENGTH, Product
from feedback.forum.products.queries import keep_product
from feedback.kernel.typed import LineColumn


class Release(models.Model):
    """A version on the weekly train."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="releases"
    )
    version = LineColumn(_("version"), most=VERSION_LENGTH)
    release_date = models.DateField(_("release date"))

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-release_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="roadmap_version_once")
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def address(self) -> str:
        """Its page. Two products may have a version of the same name."""
        page = reverse("roadmap:release-detail", args=[self.version])
        if self.product.is_default:
            return page
        return page + "?" + urlencode(keep_product(self.product))
