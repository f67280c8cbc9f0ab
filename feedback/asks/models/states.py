"""What the state of an ask, or of an area, means: spelled here alone."""

from typing import Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)

#: Nothing belongs to one of these any more; its link leads elsewhere.
GONE = ("JOINED", "RETIRED")
#: Somebody sees these: everybody a confirmed one, the team what the machine proposes.
OPEN = ("PUBLIC", "PROPOSED")


class ByState(models.QuerySet[M]):
    """Asks or areas by what their state means."""

    def there(self) -> Self:
        """Those that something may belong to: not joined into another, not dissolved."""
        return self.exclude(state__in=GONE)

    def open(self) -> Self:
        """Those that somebody sees."""
        return self.filter(state__in=OPEN)

    def public(self) -> Self:
        """Those that a person confirmed and everybody sees: none of a closed product."""
        return self.filter(state="PUBLIC", product__is_closed=False)

    def proposed(self) -> Self:
        """Those that wait for a person's word."""
        return self.filter(state="PROPOSED")
