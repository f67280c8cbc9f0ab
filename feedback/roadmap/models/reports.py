"""The four-grid report of a release: when it is open, who filled it in, and what they said."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asks.models import Ask
from feedback.kernel.text import language_of
from feedback.kernel.typed import LineColumn
from feedback.roadmap import lengths
from feedback.roadmap.models.items import Item
from feedback.roadmap.models.releases import Release


class Cell(models.TextChoices):
    """One of the four cells."""

    LOVED = "LOVED", pgettext_lazy("cell of a report", "Loved")
    NEEDS_WORK = "NEEDS_WORK", pgettext_lazy("cell of a report", "Needs work")
    WAITING_FOR = "WAITING_FOR", pgettext_lazy("cell of a report", "Waiting for")
    BROKEN = "BROKEN", pgettext_lazy("cell of a report", "Broken")


#: The cells that say how a shipped item turned out.
VERDICTS = (Cell.LOVED, Cell.NEEDS_WORK, Cell.BROKEN)


class Report(models.Model):
    """The report of a release, there from the moment it opens."""

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="report")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(db_index=True)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its award was given and its results were told."
    )
    looked_at = models.DateTimeField(
        null=True, blank=True, help_text="Up to when what is broken was made a proposal."
    )
    award = models.ForeignKey(
        Item,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="awards",
        help_text="The item that people loved most, once the report is closed.",
    )

    class Meta:
        verbose_name = _("four-grid report")
        verbose_name_plural = _("four-grid reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="roadmap_report_closes_later"
            )
        ]

    def __str__(self) -> str:
        return f"report of {self.release_id}"

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it may be filled in, and changed."""
        return self.opens_at <= now < self.closes_at

    @property
    def address(self) -> str:
        """The page on which it is filled in."""
        return reverse("roadmap:report", args=[self.release.version]) + self.release.query

    @property
    def results_address(self) -> str:
        """The page of its results."""
        return reverse("roadmap:report-results", args=[self.release.version]) + self.release.query


class ReportResponse(models.Model):
    """What one person says in a report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="responses")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="report_responses"
    )
    sent_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    has_loved = models.BooleanField(default=False, help_text="Whether anything is in that cell.")
    has_broken = models.BooleanField(default=False, help_text="Whether anything is in that cell.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "person"], name="roadmap_report_person_once")
        ]
        indexes = [models.Index(fields=["report", "changed_at"], name="roadmap_report_changed")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.report_id}"


class ReportEntry(models.Model):
    """One thing in a cell: an item, an ask, or a line in its author's words, which may point at either."""

    response = models.ForeignKey(ReportResponse, on_delete=models.CASCADE, related_name="entries")
    cell = models.CharField(max_length=11, choices=Cell.choices)
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="report_entries"
    )
    ask = models.ForeignKey(
        Ask, on_delete=models.PROTECT, null=True, blank=True, related_name="report_entries"
    )
    text = LineColumn(_("line"), most=lengths.REPORT_LINE, blank=True)
    is_matched_by_team = models.BooleanField(
        default=False, help_text="Somebody of the team said which ask the line means."
    )

    class Meta:
        verbose_name_plural = "report entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False) | Q(ask__isnull=False) | ~Q(text=""),
                name="roadmap_report_entry_says_something",
            ),
            models.UniqueConstraint(
                fields=["response", "item"],
                condition=Q(item__isnull=False),
                name="roadmap_report_item_once",
            ),
        ]
        indexes = [models.Index(fields=["item", "cell"], name="roadmap_report_verdict")]

    def __str__(self) -> str:
        return f"{self.cell} of {self.response_id}"

    @property
    def language(self) -> str:
        """The language of its line, "zh" or "en"."""
        return language_of(self.text)
