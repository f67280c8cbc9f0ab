"""What a process remembers of a database, and a test must not find."""

from django.core.cache import cache

from feedback.accounts.joining.doors import forget_doors
from feedback.grouping.place import operations as placing
from feedback.grouping.similar import asks_near, similar
from feedback.honours import tasks as honouring
from feedback.identity import queries as identity
from feedback.measure.priority import crowds


def forget_the_last_database() -> None:
    """Empty what a process remembers of a database that is another now."""
    cache.clear()
    identity.forget()
    forget_doors()
    similar.forget()
    asks_near.forget()
    placing.forget()
    honouring.forget()
    crowds.forget()
