"""What a person says of a file, and where its posts go."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.asks.stages import Stage
from feedback.forum.models import NAME_LENGTH, Allowed, Board, Product
from feedback.importing import sources
from feedback.importing.formats.encodings.alphabets import ENCODINGS
from feedback.importing.formats.known import NONE
from feedback.kernel.typed import LineField

_SOURCE_LENGTH = 60
_JUDGED = ("", _("As Heed judged it"))


class FileForm(forms.Form):
    """What there is to say of a file beside its columns."""

    format = forms.ChoiceField(
        label=_("Tool that it was exported from"),
        required=False,
        choices=[],
        widget=forms.Select(attrs={"lang": "en"}),  # the tools' names are no words of ours
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[_JUDGED, ("utf-8", "UTF-8"), ("utf-16", "UTF-16"), *ENCODINGS.items()],
    )
    date_order = forms.ChoiceField(
        label=_("In 3/5/2024 comes first"),
        required=False,
        choices=[
            _JUDGED,
            ("day-first", _("the day")),
            ("month-first", _("the month")),
            ("year-first", _("the year, as in 24/5/3")),
        ],
    )
    time_zone = forms.ChoiceField(
        label=_("Dates that name no time zone are of"),
        required=False,
        choices=[],
        widget=forms.Select(attrs={"lang": "en"}),  # the zones' names are no words of ours
    )
    delimiter = forms.ChoiceField(
        label=_("Columns are parted by"),
        required=False,
        choices=[
            _JUDGED,
            (",", _("commas")),
            (";", _("semicolons")),
            ("\t", _("tabs")),
            ("|", _("bars")),
        ],
    )
    header_line = forms.IntegerField(
        label=_("The line that names the columns"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_("0 when none does."),
    )

    def __init__(self, *args: Any, site_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.fields["format"]
        assert isinstance(known, forms.ChoiceField)
        known.choices = [
            _JUDGED,
            (NONE, _("None of these")),
            *((one.key, one.name) for one in sources.formats()),
        ]
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [("", site_zone), *((one, one) for one in sorted(available_timezones()))]


#: What the list of boards says for one that is still to be made.
NEW_BOARD = "+"


class StartForm(forms.Form):
    """Where the posts go, and under which name their file is known."""

    #: The name of a new board is needed when one is made.
    use_required_attribute = False

    board = forms.ChoiceField(label=_("Board"))
    new_board = LineField(label=_("What the new board is called"), max_length=NAME_LENGTH)
    source = LineField(
        label=_("Source"),
        max_length=_SOURCE_LENGTH,
        help_text=_(
            "Where the rows come from. Rows of one source are taken once, and its authors are the same people over all its files."
        ),
    )
    takes_changes = forms.BooleanField(
        label=_("Rows that are here already and have changed since change their posts"),
        required=False,
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boards = Board.objects.filter(is_archived=False, product=product, posters=Allowed.MEMBERS)
        self._boards = {board.slug: board for board in boards}
        board = self.fields["board"]
        assert isinstance(board, forms.ChoiceField)
        board.choices = [
            *((slug, board.title) for slug, board in self._boards.items()),
            (NEW_BOARD, _("A new board")),
        ]
        if self.is_bound and self.data.get("board") != NEW_BOARD:
            self.fields["new_board"].required = False

    def clean_board(self) -> Board | None:
        """Return the board that was chosen, None for a new one."""
        return self._boards.get(self.cleaned_data["board"])


class StagesForm(forms.Form):
    """What the states of a file become, once whoever starts the import says so."""

    makes_asks = forms.BooleanField(label=_("Make asks of them"), required=False)

    def __init__(self, *args: Any, found: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = found.get("usual", {})
        self.fields["makes_asks"].initial = bool(usual)
        self._listed: list[tuple[str, str, int]] = []
        for at, (state, count) in enumerate(found.get("listed", [])):
            self._listed.append((f"state-{at}", state, count))
            self.fields[f"state-{at}"] = forms.ChoiceField(
                label=state,
                required=False,
                initial=usual.get(state.lower(), ""),
                choices=[("", pgettext_lazy("a state becomes", "Nothing")), *Stage.choices],
                widget=forms.Select(attrs={"aria-labelledby": f"state-{at}"}),
            )

    def rows(self) -> list[tuple[str, str, int, forms.BoundField]]:
        """Return the states: the id of their name, the name, how many rows have it, and its field."""
        return [(name, state, count, self[name]) for name, state, count in self._listed]

    def stages(self) -> dict[str, str] | None:
        """Return state to stage, None when no asks are to be made."""
        if not self.cleaned_data["makes_asks"]:
            return None
        return {state: self.cleaned_data[name] for name, state, _count in self._listed}
