"""Products, and what has a name in both languages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.kernel.typed import LineColumn

NAME_LENGTH = 60


class Named(models.Model):
    """Something with a name and a sentence about it in both languages."""

    name = LineColumn(_("name"), most=NAME_LENGTH)
    name_zh = LineColumn(_("name in Chinese"), most=NAME_LENGTH, blank=True)
    description = LineColumn(_("description"), most=200, blank=True)
    description_zh = LineColumn(_("description in Chinese"), most=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if self.name_zh and _reads_chinese() else self.name

    @property
    def about(self) -> str:
        """The description in the reader's language."""
        return self.description_zh if self.description_zh and _reads_chinese() else self.description


def _reads_chinese() -> bool:
    return (get_language() or "").startswith("zh")


class Product(Named):
    """What boards are about. Posts are grouped within one and never across; a site has one at least, for ever."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_default = models.BooleanField(
        _("default product"),
        default=False,
        help_text=_("What an address means that names no product: the first one made."),
    )
    is_closed = models.BooleanField(
        _("only those who read one of its boards know of it"),
        default=False,
        db_default=False,
        help_text=_(
            "Its name, its roadmap and its releases are as closed as its boards. Boards that everybody reads are read by the team alone from then on: say on each who else reads it."
        ),
    )
    sample = models.CharField(
        _("sample"),
        max_length=20,
        blank=True,
        help_text=_("Which sample it is; empty for a product of one's own."),
    )
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="forum_one_default"
            )
        ]
