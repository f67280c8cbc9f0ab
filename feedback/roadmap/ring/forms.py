"""What a manager says of a ring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import Board
from feedback.forum.posts.forms import BoardField
from feedback.kernel.typed import LineField
from feedback.roadmap.models import Release
from feedback.roadmap.ring.queries import boards_to_reuse

_MOST = 100_000


def _most() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("At most"),
        required=False,
        min_value=1,
        max_value=_MOST,
        help_text=_("Those who wrote and wanted most come first. Empty: everybody."),
    )


class OpenForm(forms.Form):
    """How many to invite, and on which board."""

    prefix = "ring"
    most = _most()
    board = BoardField(
        label=_("Board"),
        queryset=Board.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("A new one, named after the release"),
        help_text=_("It is closed: those in the ring read it, and the team."),
    )

    def __init__(self, *args: Any, release: Release, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boards = self.fields["board"]
        assert isinstance(boards, BoardField)
        boards.queryset = boards_to_reuse(release)


class MoreForm(forms.Form):
    """How many more to invite."""

    prefix = "more"
    most = _most()


class InviteForm(forms.Form):
    """Whom to invite by name."""

    prefix = "invite"
    person = LineField(
        label=_("Name or address"),
        max_length=254,
        help_text=_("Of somebody who can sign in here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
