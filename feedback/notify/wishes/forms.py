"""The form of what one is told, and how."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback.kernel.typed import LineField
from feedback.notify.channels.email.queue import pace_of
from feedback.notify.channels.push.queue import is_wanted
from feedback.notify.groups import Group, Pace
from feedback.notify.models import Wishes


@dataclass(frozen=True)
class Row:
    """How one group is told: by mail, and on devices where the site can do that."""

    mail: BoundField
    push: BoundField | None


class WishesForm(forms.Form):
    """When each group is mailed, whether it is shown on devices, and the hours in which neither is done."""

    def __init__(self, *args: Any, wishes: Wishes | None, with_push: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.with_push = with_push
        for group in Group:
            self.fields[group.value] = forms.ChoiceField(
                label=group.label, choices=Pace.choices, initial=pace_of(wishes, group)
            )
            if with_push:
                self.fields[_push(group)] = forms.BooleanField(
                    label=gettext("%(group)s: show on devices") % {"group": group.label},
                    required=False,
                    initial=is_wanted(wishes, group),
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
            help_text=_("What happens in these hours is mailed and shown when they are over."),
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        )
        self.fields["time_zone"] = LineField(
            label=_("Your time zone"),
            required=False,
            max_length=40,
            initial=wishes.time_zone if wishes else "",
            help_text=_("Such as Europe/Berlin or Asia/Shanghai; empty for that of the site."),
        )

    def rows(self) -> Iterator[Row]:
        """Yield what is chosen for each group."""
        for group in Group:
            yield Row(self[group.value], self[_push(group)] if self.with_push else None)

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

    @property
    def push(self) -> dict[str, bool] | None:
        """Whether each group is shown on devices; None where that was no question."""
        if not self.with_push:
            return None
        return {group.value: self.cleaned_data[_push(group)] for group in Group}


def _push(group: Group) -> str:
    return f"push_{group.value}"
