"""What the team says of honours, and to whom it gives them."""

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.desk.boards.forms import NamingForm
from feedback.honours.models import WORD_LENGTH, Honour, HonourWishes, Sign
from feedback.honours.operations import EDITED, SHOWN
from feedback.kernel.typed import LineField
from feedback.roadmap.models import Ring
from feedback.ui.templatetags.emblems import emblem


class WishesForm(forms.ModelForm[HonourWishes]):
    """What is shown of levels, badges and honours."""

    class Meta:
        model = HonourWishes
        fields = SHOWN


class HonourForm(forms.ModelForm[Honour]):
    """What an honour is called, and how it looks."""

    class Meta:
        model = Honour
        fields = EDITED
        widgets = {"sign": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sign = self.fields["sign"]
        assert isinstance(sign, forms.ChoiceField)
        sign.choices = [
            (one.value, format_html("{} {}", emblem(one.value, "honour", 22), one.label))
            for one in Sign
        ]
        if self.instance.pk is None:
            del self.fields["is_retired"]


def _word() -> LineField:
    return LineField(
        label=_("What for"),
        max_length=WORD_LENGTH,
        required=False,
        help_text=_("Whoever receives it reads it, and everybody else."),
    )


class GiveForm(NamingForm):
    """To whom an honour is given."""

    word = _word()


class RingField(forms.ModelChoiceField[Ring]):
    """A ring by its release, with how many are in it."""

    def label_from_instance(self, obj: Ring) -> str:
        inside = int(getattr(obj, "inside", 0))
        people = ngettext("%(n)d person", "%(n)d people", inside) % {"n": inside}
        return f"{obj.release.product.title} {obj.release.version} · {people}"


class GiveRingForm(forms.Form):
    """To which ring an honour is given."""

    ring = RingField(label=_("Ring"), queryset=Ring.objects.none(), empty_label=None)
    word = _word()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rings.queryset = _rings()

    @property
    def rings(self) -> RingField:
        """The field of the ring."""
        field = self.fields["ring"]
        assert isinstance(field, RingField)
        return field


def _rings() -> QuerySet[Ring]:
    inside = Count("invitations", filter=Q(invitations__answer="ACCEPTED"))
    found = Ring.objects.annotate(inside=inside).filter(inside__gt=0)
    return found.select_related("release__product").order_by("-opened_at", "-pk")
