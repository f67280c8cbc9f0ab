"""The form of what one is told, and how."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.kernel.typed import LineField
from feedback.notify.channels.email.queue import pace_of
from feedback.notify.groups import Group, Pace
from feedback.notify.models import Wishes


class WishesForm(forms.Form):
    """When each group is mailed, and the hours in which nothing is."""

    def __init__(self, *args: Any, wishes: Wishes | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in Group:
            self.fields[group.value] = forms.ChoiceField(
                label=group.label, choices=Pace.choices, initial=pace_of(wishes, group)
            )
        # What belongs to all groups stands under them.
        self.fields["quiet_from"] = forms.TimeField(
            label=_("Quiet from"),
            required=False,
            initial=wishes and wishes.quiet_from,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        )
        self.fields["quiet_until"] = forms.TimeField(
            label=_("until"),
            required=False,
            initial=wishes and wishes.quiet_until,
            help_text=_("What happens in these hours is mailed when they are over."),
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        )
        self.fields["time_zone"] = LineField(
            label=_("Your time zone"),
            required=False,
            max_length=40,
            initial=wishes.time_zone if wishes else "",
            help_text=_("Such as Europe/Berlin or Asia/Shanghai; empty for that of the site."),
        )

    def clean_time_zone(self) -> str:
        """Return the zone; only names that the tz database knows."""
        zone = str(self.cleaned_data["time_zone"])
        if zone and zone not in available_timezones():
            raise ValidationError(
                _("There is no time zone “%(zone)s”; it is written like Europe/Berlin."),
                params={"zone": zone},
            )
        return zone

    @property
    def mail(self) -> dict[str, str]:
        """The pace of each group."""
        return {group.value: self.cleaned_data[group.value] for group in Group}
