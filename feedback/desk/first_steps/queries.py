"""How far a new site has come, by what is really there."""

from dataclasses import dataclass

from django.core.cache import caches

from feedback.accounts.trial_mail import mail_works
from feedback.forum.models import Post, Product
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb

#: What a product is called that nobody has named.
UNNAMED = "Heed"
#: Every page of the desk asks.
_KEPT, _KEPT_SECONDS = "desk.first_steps", 20


@dataclass(frozen=True)
class Steps:
    """Which of the first steps are done, and whether somebody put them away."""

    is_named: bool
    has_posts: bool
    can_mail: bool
    is_put_away: bool

    @property
    def done(self) -> int:
        return self.is_named + self.has_posts + self.can_mail

    @property
    def number(self) -> int:
        return 3

    @property
    def are_shown(self) -> bool:
        """Whether the desk still speaks of them."""
        return self.done < self.number and not self.is_put_away


def first_steps() -> Steps:
    """Return how far the site is."""
    own = Product.objects.filter(sample="")
    return Steps(
        is_named=own.exclude(name=UNNAMED).exists(),
        has_posts=Post.objects.filter(
            board__product__sample="", state=Post.State.PUBLISHED
        ).exists(),
        can_mail=mail_works(),
        is_put_away=_are_put_away(),
    )


def lately() -> Steps:
    """Return `first_steps` as they were a moment ago: for what every page shows."""
    kept = caches["template_fragments"].get(_KEPT)
    if kept is None:
        kept = first_steps()
        caches["template_fragments"].set(_KEPT, kept, _KEPT_SECONDS)
    return kept if isinstance(kept, Steps) else first_steps()


def forget_steps() -> None:
    """Have this process look again: something was done a moment ago."""
    caches["template_fragments"].delete(_KEPT)


def _are_put_away() -> bool:
    verbs = (Verb.FIRST_STEPS_PUT_AWAY, Verb.FIRST_STEPS_TAKEN_OUT)
    last = Entry.objects.filter(verb__in=verbs).order_by("-id").values_list("verb", flat=True)
    return last.first() == Verb.FIRST_STEPS_PUT_AWAY
