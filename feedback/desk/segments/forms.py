"""What the team says of segments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.accounts.models import Segment
from feedback.accounts.segments.lists import MOST_LETTERS
from feedback.accounts.segments.operations import EDITED
from feedback.kernel import text
from feedback.kernel.typed import WordsField

#: Bytes of a file that are read.
_MOST_BYTES = 4 * MOST_LETTERS


class SegmentForm(forms.ModelForm[Segment]):
    """A segment."""

    class Meta:
        model = Segment
        fields = EDITED
        help_texts = {
            "weight": _("For how many people each of them counts: 1 as everybody, 0 not at all."),
            "value": _("Only where your app says it. Capital letters make no difference."),
        }


class ListForm(forms.Form):
    """The list of a segment, as a file or pasted."""

    file = forms.FileField(label=_("CSV file"), required=False)
    lines = WordsField(
        label=_("Or paste it"),
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "The first line names the columns: email, account (the name in your app) or customer, and revenue (a year) if you know it."
        ),
    )

    def clean_file(self) -> str:
        """Return the words of the file, "" without one."""
        file = self.cleaned_data.get("file")
        if not file:
            return ""
        if file.size > _MOST_BYTES:
            raise forms.ValidationError(_("The list is too large. Bring it in parts."))
        words = text.decoded(file.read())
        if words is None:
            raise forms.ValidationError(_("This file is no text. Save it as CSV."))
        return words

    def said(self) -> str:
        """Return what was brought: the file, or else what was pasted."""
        return str(self.cleaned_data["file"] or self.cleaned_data["lines"])
