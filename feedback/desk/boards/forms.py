"""What the team says of products and boards."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.forum.boards.operations import EDITED
from feedback.forum.models import Board, Product
from feedback.forum.posts.forms import BoardField
from feedback.forum.queries import boards_with_counts

_NAMES = ("name", "name_zh", "description", "description_zh")
_ADDRESS_HELP = _("Letters, digits and hyphens. It stands in links and stays for ever.")


class NewProductForm(forms.ModelForm[Product]):
    class Meta:
        model = Product
        fields = ("slug", *_NAMES, "position")
        help_texts = {"slug": _ADDRESS_HELP}


class ProductForm(forms.ModelForm[Product]):
    class Meta:
        model = Product
        fields = (*_NAMES, "position")


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

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, BoardField)
        # Where it stands already may be archived by now; saving something else must not take it out.
        fits = Q(is_archived=False) | Q(pk=self.instance.parent_id)
        tops = Board.objects.filter(fits, product=product, parent=None)
        parent.queryset = tops.exclude(pk=self.instance.pk)
        self.fields["voters_seen_by"].required = False

    def clean_voters_seen_by(self) -> str:
        """Who saw them goes on seeing them where nothing was said."""
        return self.cleaned_data["voters_seen_by"] or self.instance.voters_seen_by


class NewBoardForm(BoardForm):
    class Meta:
        model = Board
        fields = ("slug", *(name for name in EDITED if name != "is_archived"))
        help_texts = {"slug": _ADDRESS_HELP}


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


class MovePostForm(forms.Form):
    """To which other board a post goes."""

    board = BoardField(
        label=_("Board"), queryset=Board.objects.none(), to_field_name="slug", empty_label=None
    )

    def __init__(self, *args: Any, leaving: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boards = self.fields["board"]
        assert isinstance(boards, BoardField)
        boards.queryset = boards_with_counts().exclude(pk=leaving.pk)
        if Product.objects.count() > 1:
            boards.name_products()
