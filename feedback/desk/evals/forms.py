"""What comes back of an eval."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forum.models import Product
from feedback.roadmap.models import Release

#: Releases to choose from, the latest.
_OFFERED = 50
_MOST_BYTES = 5_000_000


class ResultForm(forms.Form):
    """Of which release, and the file."""

    release = forms.ChoiceField(label=_("Release"))
    file = forms.FileField(
        label=_("What your eval said"),
        help_text=_(
            "JSON lines or CSV with “id” and “passed”, or one JSON object with “passed” and “total”."
        ),
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Release.objects.filter(product=product).values_list("version", flat=True)
        choice = self.fields["release"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(version, version) for version in found[:_OFFERED]]

    @property
    def has_releases(self) -> bool:
        """Whether there is a release to choose."""
        choice = self.fields["release"]
        return isinstance(choice, forms.ChoiceField) and bool(choice.choices)

    def clean_file(self) -> Any:
        """Refuse what is too large to be the result of an eval."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > _MOST_BYTES:
            raise forms.ValidationError(_("This file is too large: 5 MB fit."))
        return file
