"""What the team says of products and boards."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from feedback.forum.boards.operations import EDITED
from feedback.forum.closed.models import Readers
from feedback.forum.models import Board, Product
from feedback.forum.moderation.forms import WhyForm
from feedback.forum.posts.forms import BoardField
from feedback.kernel.typed import LineField

_NAMES = ("name", "name_zh", "description", "description_zh")
_READERS_HELP = _(
    "The team reads every board. What stands on a board that not everybody reads is in no list, search, feed or ask."
)
#: Who does what on a board.
_WHO = ("readers", "posters", "commenters", "voters_seen_by")
_POSTERS_HELP = _(
    "Whoever posts or comments has to read it too. The team of a board is who moderates it."
)
_ADDRESS_HELP = _("Letters, digits and hyphens. It stands in links and stays for ever.")


class NewProductForm(forms.ModelForm[Product]):
    class Meta:
        model = Product
        fields = ("slug", *_NAMES, "position", "is_closed")
        help_texts = {"slug": _ADDRESS_HELP}


class ProductForm(forms.ModelForm[Product]):
    class Meta:
        model = Product
        fields = (*_NAMES, "position", "is_closed")


class BoardForm(forms.ModelForm[Board]):
    parent = BoardField(
        label=_("Inside the board"),
        queryset=Board.objects.none(),
        required=False,
        empty_label=_("None: it stands by itself"),
    )

    class Meta:
        model = Board
        fields = EDITED
        help_texts: ClassVar[dict[str, Any]] = {
            "readers": _READERS_HELP,
            "posters": _POSTERS_HELP,
        }

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, BoardField)
        # Where it stands already may be archived by now; saving something else must not take it out.
        fits = Q(is_archived=False) | Q(pk=self.instance.parent_id)
        tops = Board.objects.filter(fits, product=product, parent=None)
        parent.queryset = tops.exclude(pk=self.instance.pk)
        if product.is_closed:
            self._leave_out_everyone()
        # Where nothing was said of them they stay: a board is never opened by leaving something out.
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            for name in _WHO:
                self.data[name] = self.data.get(name) or getattr(self.instance, name)

    def _leave_out_everyone(self) -> None:
        """Offer no board of a closed product to everybody; a new one is the team's until somebody says more."""
        readers = self.fields["readers"]
        assert isinstance(readers, forms.ChoiceField)
        readers.choices = [one for one in Readers.choices if one[0] != Readers.EVERYONE]
        if self.instance.pk is None:
            self.instance.readers = self.initial["readers"] = Readers.TEAM


class NewBoardForm(BoardForm):
    class Meta:
        model = Board
        fields = ("slug", *(name for name in EDITED if name != "is_archived"))
        help_texts: ClassVar[dict[str, Any]] = {
            "slug": _ADDRESS_HELP,
            "readers": _READERS_HELP,
            "posters": _POSTERS_HELP,
        }


class NamingForm(forms.Form):
    """Whom to name on a board."""

    person = LineField(
        label=_("Name or address"),
        max_length=254,
        help_text=_("Of somebody who can sign in here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MoveBoardForm(forms.Form):
    """To which other product a board goes."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), to_field_name="slug", empty_label=None
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = self.fields["product"]
        assert isinstance(others, forms.ModelChoiceField)
        others.queryset = Product.objects.exclude(pk=board.product_id)


class MovePostForm(WhyForm):
    """To which other board a post goes, and why."""

    field_order = ("board", "word")

    board = BoardField(
        label=_("Board"), queryset=Board.objects.none(), to_field_name="slug", empty_label=None
    )

    def __init__(self, *args: Any, leaving: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boards = self.fields["board"]
        assert isinstance(boards, BoardField)
        boards.queryset = Board.objects.filter(is_archived=False).exclude(pk=leaving.pk)
        if Product.objects.count() > 1:
            boards.name_products()
