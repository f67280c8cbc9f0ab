"""The train of a product: on which weekday each stop is due."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import Product
from feedback.roadmap.stops import Stop

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Weekday(models.IntegerChoices):
    """A day of the week, numbered as `datetime.date.weekday` does."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def _weekday(label: "StrPromise", default: Weekday) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(label, choices=Weekday.choices, default=default)


class Train(models.Model):
    """When the releases of a product leave. A product without a row keeps the usual week: `train_of`."""

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="train")
    weeks = models.PositiveSmallIntegerField(_("weeks from one release to the next"), default=1)
    build_weekday = _weekday(_("build"), Weekday.MONDAY)
    preview_weekday = _weekday(_("preview"), Weekday.TUESDAY)
    beta_weekday = _weekday(_("beta"), Weekday.WEDNESDAY)
    release_weekday = _weekday(_("release"), Weekday.FRIDAY)
    report_weekday = _weekday(_("report"), Weekday.TUESDAY)
    framed_by = models.TextField(
        _("sites that may show the changelog and the roadmap"),
        blank=True,
        help_text=_("One address a line, such as https://example.org"),
    )

    class Meta:
        verbose_name = _("train")
        verbose_name_plural = _("trains")
        constraints = [
            models.CheckConstraint(
                condition=Q(weeks__gte=1, weeks__lte=26), name="roadmap_train_weeks"
            ),
            models.CheckConstraint(
                condition=Q(
                    build_weekday__lte=6,
                    preview_weekday__lte=6,
                    beta_weekday__lte=6,
                    release_weekday__lte=6,
                    report_weekday__lte=6,
                ),
                name="roadmap_train_weekdays",
            ),
        ]

    def __str__(self) -> str:
        return f"train of {self.product_id}"

    def days(self, release_date: dt.date) -> dict[Stop, dt.date]:
        """Return the day of each stop of a release that leaves on ``release_date``.

        What comes before the release is due on the last such weekday up to it, and no stop before the one that
        precedes it; the report on the first such weekday after it.
        """
        days = {Stop.RELEASED: release_date}
        latest = release_date
        for stop, weekday in (
            (Stop.BETA, self.beta_weekday),
            (Stop.PREVIEW, self.preview_weekday),
            (Stop.BUILD, self.build_weekday),
        ):
            latest -= dt.timedelta(days=(latest.weekday() - weekday) % 7)
            days[stop] = latest
        ahead = (self.report_weekday - release_date.weekday() - 1) % 7 + 1
        days[Stop.REPORT] = release_date + dt.timedelta(days=ahead)
        return days

    def next_day(self, today: dt.date) -> dt.date:
        """Return the day of the next departure, today included."""
        return today + dt.timedelta(days=(self.release_weekday - today.weekday()) % 7)
