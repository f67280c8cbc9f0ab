"""What people type in the forum."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from feedback.accounts.captcha import Place, captcha_at
from feedback.accounts.captcha.fields import NAME as CAPTCHA
from feedback.accounts.captcha.fields import add_captcha, check_last
from feedback.accounts.models import User
from feedback.accounts.trust import Trust, trust_of
from feedback.forum import queries
from feedback.forum.board_fields.forms import PREFIX, control_of, names_in, said_in_form
from feedback.forum.board_fields.reading import fields_of, is_untouched, lacking, template_of
from feedback.forum.closed.reading import products_of
from feedback.forum.consents.forms import PREFIX as USES
from feedback.forum.consents.forms import uses_fields, uses_in
from feedback.forum.consents.models import Use
from feedback.forum.customers.forms import customer_fields, customer_in
from feedback.forum.customers.operations import Customer
from feedback.forum.models import (
    BODY_LENGTH,
    COMMENT_LENGTH,
    TITLE_LENGTH,
    VERSION_LENGTH,
    Board,
    Post,
    Product,
)
from feedback.forum.prompts.forms import PREFIX as PROMPT
from feedback.forum.prompts.forms import prompt_fields, prompt_in
from feedback.forum.queries import Person
from feedback.kernel import clock, text
from feedback.kernel.typed import LineField, WordsField

#: What people mostly post on the boards of a new site, and where each kind of post goes by itself.
_KIND_OF_BOARD = {"bugs": Post.Kind.BUG, "questions": Post.Kind.QUESTION}
_BOARD_OF_KIND: dict[str, str] = {kind: slug for slug, kind in _KIND_OF_BOARD.items()}
_BOARD_OF_THE_REST = "suggestions"


class BoardField(forms.ModelChoiceField[Board]):
    """A board by its slug; a name that no slug can be is not looked for."""

    _with_product = False

    def to_python(self, value: Any) -> Any:
        return super().to_python(text.normalise(value) if isinstance(value, str) else value)

    def name_products(self) -> None:
        """Have the person choose among the boards of several products."""
        self.required, self.empty_label = True, _("Choose a board")
        self._with_product = True
        assert self.queryset is not None
        self.queryset = self.queryset.select_related("product").order_by(
            "product__position", "product", "position", "id"
        )

    def label_from_instance(self, board: Board) -> str:
        return f"{board.product.title}: {board.title}" if self._with_product else board.title


def is_new(person: Person) -> bool:
    """Whether nobody knows yet that ``person`` means well: a visitor, and who has just come."""
    return not isinstance(person, User) or trust_of(person, now=clock.now()) == Trust.NEW


class PostForm(forms.Form):
    """A new post, or new words for one."""

    board = BoardField(
        label=_("Board"),
        queryset=Board.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("Choose for me"),
    )
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Post.Kind.choices,
        initial=Post.Kind.SUGGESTION,
        widget=forms.RadioSelect,
    )
    title = LineField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        help_text=_("What you want, or what goes wrong, in one sentence."),
        error_messages={"required": _("Give it a title. A few words are enough.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = WordsField(
        label=_("Details"),
        max_length=BODY_LENGTH,
        required=False,
        help_text=_("Markdown works. Say why you need it, or what you did and what happened."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    product_version = LineField(
        label=_("Product version"),
        max_length=VERSION_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ["title", "kind", "board", "body", "product_version"]

    def __init__(
        self,
        *args: Any,
        person: Person,
        post: Post | None = None,
        product: Product | None = None,
        is_sent: bool = False,
        **kwargs: Any,
    ) -> None:
        """Start with the words of ``post`` where there is one, and with ``initial`` else.

        ``product`` is the one that the post is about, None where the person has yet to say or there is one alone. Who is new
        shows that they are no program where the form ``is_sent``, not only looked at.
        """
        if post is not None:
            kwargs["initial"] = {
                name: getattr(post, name) for name in self.base_fields if name != "board"
            } | {f"{PREFIX}{key}": value for key, value in post.fields.items()}
        super().__init__(*args, **kwargs)
        self.post = post
        if post is None:
            boards = self.fields["board"]
            assert isinstance(boards, BoardField)
            boards.queryset = queries.boards_open_to(person, product)
            if product is None and products_of(person).count() > 1:
                boards.name_products()
            if isinstance(person, User) and (person.is_moderator or person.is_part_manager):
                self.fields |= customer_fields(is_public=True)
        else:
            del self.fields["board"]  # a post stays where its author put it
        self.on_board = post.board if post is not None else self._board_so_far()
        asked = fields_of(self.on_board, self._so_far("kind")) if self.on_board is not None else []
        self.fields |= {f"{PREFIX}{one.key}": control_of(one) for one in asked}
        if post is None and self.on_board is not None and self.on_board.asks_for_prompt:
            self.fields |= prompt_fields()
        if post is None and isinstance(person, User):
            self.fields |= uses_fields(person, self.initial)
        if post is None and is_new(person):
            add_captcha(self, Place.POSTS)
        self._is_sent = is_sent
        #: Whether what was to tell people from programs did not answer.
        self.is_unchecked = False

    @property
    def captcha(self) -> BoundField | None:
        """What tells people from programs, where it is asked."""
        return self[CAPTCHA] if CAPTCHA in self.fields else None

    def _so_far(self, name: str) -> str:
        typed = self.data if self.is_bound else self.initial
        start = self.fields[name].initial if name in self.fields else ""
        return str(typed.get(name) or ("" if self.is_bound else start) or "")

    def _board_so_far(self) -> Board | None:
        """Return the board that was chosen, or the one for the kind."""
        boards = self.fields["board"]
        assert isinstance(boards, BoardField)
        assert boards.queryset is not None
        slug = text.normalise(self._so_far("board"))
        if slug:
            return boards.queryset.filter(slug=slug).first()
        return None if boards.required else board_for(self._so_far("kind"), boards.queryset)

    @property
    def usual(self) -> list[BoundField]:
        """The fields that every board has."""
        return [self[name] for name in self.fields if name in self.base_fields]

    @property
    def asked(self) -> list[BoundField]:
        """The fields that this board alone asks for."""
        return [self[name] for name in names_in(self.fields)]

    @property
    def prompt_fields(self) -> list[BoundField]:
        """The fields of what was asked of a model, where the board asks for it."""
        return [self[name] for name in self.fields if name.startswith(PROMPT)]

    @property
    def prompt(self) -> dict[str, Any] | None:
        """What was asked of a model, in a valid form."""
        return prompt_in(self.cleaned_data)

    @property
    def uses_fields(self) -> list[BoundField]:
        """The ticks for what the words may be used for, where their author is signed in."""
        return [self[name] for name in self.fields if name.startswith(USES)]

    @property
    def ticked_uses(self) -> list[str]:
        """What the ticks say so far, in words."""
        ticks = [field for field in self.uses_fields if not field.is_hidden]
        return [str(field.label) for field in ticks if field.value()]

    @property
    def uses(self) -> frozenset[Use] | None:
        """What the words may be used for, in a valid form; None where nobody said."""
        return uses_in(self.cleaned_data)

    @property
    def customer_fields(self) -> list[BoundField]:
        """The fields that say for which customer the team writes."""
        return [self[name] for name in self.fields if name.startswith("customer_")]

    @property
    def template(self) -> str:
        """What the details begin with."""
        if self.on_board is None or self.post is not None:
            return ""
        return template_of(self.on_board, self._so_far("kind"))

    @property
    def lacks_now(self) -> list[str]:
        """What the words so far lack."""
        return self.lacks(self.data if self.is_bound else self.initial)

    def lacks(self, typed: Mapping[str, Any]) -> list[str]:
        """Return what a post of these ``typed`` words would lack."""
        if self.on_board is None:
            return []
        body = str(typed.get("body") or "")
        if is_untouched(self.on_board, body):
            body = ""
        return lacking(self.on_board, self._so_far("kind"), said_in_form(typed), body)

    @property
    def customer(self) -> Customer | None:
        """For which customer the team writes, in a valid form."""
        return customer_in(self.cleaned_data)

    @property
    def words(self) -> dict[str, Any]:
        """What a valid form says, as `publish_post` and `edit_post` take it."""
        said = {
            name: value for name, value in self.cleaned_data.items() if name in self.base_fields
        }
        fields = said_in_form(self.cleaned_data)
        if self.post is None:
            fields = {key: value for key, value in fields.items() if value != ""}
        return said | {"fields": fields}

    def clean(self) -> dict[str, Any]:
        """Find the board by the kind when none was chosen: nobody need say the same thing twice.

        Details that only repeat the template of the board are none.
        """
        cleaned = super().clean() or self.cleaned_data
        if self.on_board is not None and is_untouched(self.on_board, cleaned.get("body", "")):
            cleaned["body"] = ""
        if "board" in self.fields and "board" not in self.errors and not cleaned.get("board"):
            boards = self.fields["board"]
            assert isinstance(boards, forms.ModelChoiceField)
            assert boards.queryset is not None
            cleaned["board"] = board_for(cleaned.get("kind", ""), boards.queryset)
            if cleaned["board"] is None:
                self.add_error("board", _("There is no board to post on yet."))
        if self._is_sent:
            self.is_unchecked = check_last(self)
        return cleaned


def kept_names(typed: Mapping[str, Any]) -> list[str]:
    """Return the names of what a draft keeps of ``typed``."""
    more = [name for name in typed if name.startswith(("customer_", PREFIX, PROMPT, USES))]
    return [*PostForm.base_fields, *more[:40]]


def board_for(kind: str, boards: QuerySet[Board]) -> Board | None:
    """Return the one of ``boards`` where a post of ``kind`` belongs, else the first; None when there is none."""
    by_slug = {board.slug: board for board in boards}
    for slug in (_BOARD_OF_KIND.get(kind, _BOARD_OF_THE_REST), _BOARD_OF_THE_REST, *by_slug):
        if slug in by_slug:
            return by_slug[slug]
    return None


def kind_for(board: Board) -> str:
    """Return the kind that a new post on ``board`` most likely has."""
    return _KIND_OF_BOARD.get(board.slug, Post.Kind.SUGGESTION)


class CommentForm(forms.Form):
    """A comment. The team may answer officially, or among themselves; who has just come may have to show that they are a person.

    It may be a picture alone, where files come with it.
    """

    #: A picture alone is a comment: the server says what is missing.
    use_required_attribute = False

    body = WordsField(
        label=_("Your comment"),
        max_length=COMMENT_LENGTH,
        error_messages={"required": _("There is nothing in it yet.")},
        widget=forms.Textarea(attrs={"rows": 4, "data-mentions": ""}),
    )
    reply_to = forms.CharField(required=False, widget=forms.HiddenInput)
    is_official = forms.BooleanField(label=_("Official answer"), required=False)
    is_internal = forms.BooleanField(label=_("For the team only"), required=False)

    def __init__(
        self,
        *args: Any,
        for_team: bool,
        person: Person | None = None,
        has_files: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = not has_files
        #: Whether what was to tell people from programs did not answer.
        self.is_unchecked = False
        if isinstance(person, User) and captcha_at(Place.COMMENTS) is not None and is_new(person):
            add_captcha(self, Place.COMMENTS)
        if not for_team:
            del self.fields["is_official"], self.fields["is_internal"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_official") and cleaned.get("is_internal"):
            self.add_error("is_internal", _("An official answer is public. Choose one of the two."))
        self.is_unchecked = check_last(self)
        cleaned.pop(CAPTCHA, None)
        return cleaned

    @property
    def has_captcha(self) -> bool:
        """Whether its sender shows that they are a person."""
        return CAPTCHA in self.fields
