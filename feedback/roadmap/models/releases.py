"""Releases of a product: where each stands, what it says, what is known to be wrong with it."""

from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import VERSION_LENGTH, Post, Product
from feedback.forum.products.queries import keep_product
from feedback.kernel.typed import LineColumn
from feedback.roadmap import lengths
from feedback.roadmap.stops import HALTED, OUT, TIMETABLE, Stop


class Release(models.Model):
    """A version on the train of its product."""

    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="releases",
    )
    version = LineColumn(_("version"), most=VERSION_LENGTH)
    release_date = models.DateField(
        _("release date"), help_text=_("The day it left, or will leave as things stand.")
    )
    stop = models.CharField(_("stop"), max_length=8, choices=Stop.choices, default=Stop.PLANNED)
    stop_changed_at = models.DateTimeField(_("stop changed at"), null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    promised_date = models.DateField(
        _("promised date"),
        null=True,
        blank=True,
        help_text=_("The day that was promised first, where it has slipped."),
    )
    word = models.TextField(
        _("public word"),
        max_length=lengths.WORD,
        blank=True,
        help_text=_("Why it slipped, was skipped or stopped."),
    )
    notes_en = models.TextField(_("notes in English"), max_length=lengths.NOTES, blank=True)
    notes_zh = models.TextField(_("notes in Chinese"), max_length=lengths.NOTES, blank=True)
    notes_en_by_machine = models.BooleanField(_("notes in English by machine"), default=False)
    notes_zh_by_machine = models.BooleanField(_("notes in Chinese by machine"), default=False)
    preview_post = models.ForeignKey(
        Post,
        verbose_name=_("post of the preview"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-release_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="roadmap_version_once"),
            models.CheckConstraint(
                condition=Q(stop__in=sorted(OUT), released_at__isnull=False)
                | (~Q(stop__in=sorted(OUT)) & Q(released_at__isnull=True)),
                name="roadmap_out_since",
            ),
            models.CheckConstraint(
                condition=~Q(stop__in=sorted(HALTED)) | ~Q(word=""),
                name="roadmap_halted_with_a_word",
            ),
        ]

    def __str__(self) -> str:
        return self.version

    @property
    def query(self) -> str:
        """What its addresses carry where the site has several products: two may have a version of the same name."""
        return "" if self.product.is_default else "?" + urlencode(keep_product(self.product))

    @property
    def address(self) -> str:
        """Its page."""
        return reverse("roadmap:release-detail", args=[self.version]) + self.query

    @property
    def is_out(self) -> bool:
        """Whether people have it."""
        return self.stop in OUT

    @property
    def is_dated(self) -> bool:
        """Whether its day stands: it is out, or on the train, with a day for each stop."""
        return self.is_out or self.stop_days.exists()

    @property
    def is_halted(self) -> bool:
        """Whether it does not come, or not now."""
        return self.stop in HALTED


class StopDay(models.Model):
    """The day on which a release is due at a stop, what is due there, and when it came."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="stop_days")
    stop = models.CharField(max_length=8, choices=[(stop.value, stop.label) for stop in TIMETABLE])
    due_date = models.DateField(_("day"))
    due = LineColumn(_("what is due"), most=lengths.LINE, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["release", "stop"], name="roadmap_stop_once")
        ]

    def __str__(self) -> str:
        return f"{self.stop} of {self.release_id}"


class KnownProblem(models.Model):
    """Something that is known to be wrong with a release, until a later one mends it."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="problems")
    text = LineColumn(_("what goes wrong"), most=lengths.LINE)
    text_zh = LineColumn(_("in Chinese"), most=lengths.LINE, blank=True)
    added_at = models.DateTimeField()
    mended_in = models.ForeignKey(
        Release, on_delete=models.SET_NULL, null=True, blank=True, related_name="mended"
    )

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.text


class ReleaseLink(models.Model):
    """A link on the page of a release: a download, a page of the manual."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="links")
    label = LineColumn(_("what it leads to"), most=lengths.LINE)
    url = models.URLField(_("address"), max_length=500)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["release", "url"], name="roadmap_release_link_once")
        ]

    def __str__(self) -> str:
        return self.label
