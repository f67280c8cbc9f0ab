"""What the kinds of news about a board or a product share: its name, in both languages."""

from django.utils.translation import get_language

from feedback.forum.models import Board, Product
from feedback.notify.occasions import Facts


def names_of(place: Board | Product) -> dict[str, str]:
    """Return what a notice keeps to call ``place`` in its reader's language."""
    return {"title": place.name, "title_zh": place.name_zh or place.name}


def title(kept: Facts) -> str:
    """Return what it is called, "" where no notice may say so."""
    in_chinese = (get_language() or "").startswith("zh")
    return str(kept.get("title_zh" if in_chinese else "title", ""))
