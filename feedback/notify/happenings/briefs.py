"""What happens to weekly briefs: one is published."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from feedback.briefs.models import Brief
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.kernel.identity import at_home
from feedback.notify.happenings import Group, Happening, Kind


def published(entry: Entry) -> Happening | None:
    briefs = Brief.objects.filter(pk=entry.subject_id, state=Brief.State.PUBLISHED)
    brief = briefs.select_related("product").first()
    if brief is None:
        return None
    return Happening(
        product=brief.product,
        title=brief.title,
        line=_("A weekly brief is out"),
        path=brief.address,
        # Its words stay where the machine's are marked as such.
        data=lambda: {
            "product": brief.product.slug,
            "brief": {
                "id": brief.public_id,
                "week": brief.monday.isoformat(),
                "url": at_home(brief.address),
            },
        },
    )


KINDS: Mapping[Verb, Kind] = {
    Verb.BRIEF_PUBLISHED: Kind("brief.published", Group.ANSWERS, published),
}
