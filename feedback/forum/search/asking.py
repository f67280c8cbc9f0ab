"""What an address asks the search for: words, filters, a product."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from feedback.forum.models import Product
from feedback.forum.products.queries import chosen
from feedback.forum.search import filters
from feedback.forum.search.filters import Narrowed, narrow
from feedback.forum.search.finding import Search
from feedback.forum.search.query import Query, read_query
from feedback.kernel import text

_QUERY_LENGTH = 200


@dataclass(frozen=True)
class Asked:
    """A search as its address has it: what was ``typed`` in the box, and the filters ``given`` beside it."""

    typed: str
    given: Mapping[str, str]
    query: Query
    narrowed: Narrowed
    product: Product | None

    @property
    def is_any(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.typed or self.narrowed.chosen)

    @property
    def kept(self) -> dict[str, str]:
        """What an address of the same search holds, but for its product."""
        said = {"q": self.typed, **self.given}
        return {name: value for name, value in said.items() if value}

    def search(self, *, is_patient: bool = False) -> Search:
        """Return it as `finding.find` takes it."""
        return Search(
            self.query, product=self.product, narrowed=self.narrowed, is_patient=is_patient
        )


def asked_in(request: HttpRequest) -> Asked:
    """Return what the address of ``request`` asks for. Raises `Http404` for a product that is not there, and for nothing that is typed."""
    known = filters.all_filters()
    given = {one.name: text.one_line(request.GET.get(one.name, "")) for one in known}
    typed = text.one_line(request.GET.get("q", ""))[:_QUERY_LENGTH]
    query = read_query(typed, names={one.name: one.names for one in known})
    narrowed = narrow(request, {**given, **query.filters})
    return Asked(typed, given, query, narrowed, chosen(request))
