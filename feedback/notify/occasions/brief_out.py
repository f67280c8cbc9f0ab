"""The brief of a week is out: who follows it hears, and has all of it in the mail."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.briefs.drafting.week import Week
from feedback.briefs.models import Brief
from feedback.briefs.presenting import for_reader
from feedback.forum.models import Product
from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import About, Group
from feedback.notify.occasions import Facts, Occasion
from feedback.notify.recipients import Audience, Topic, followers


def key(entry: Entry) -> str:
    return f"brief:{entry.data['brief']}"


def facts(entry: Entry) -> Facts | None:
    brief = Brief.objects.filter(pk=entry.subject_id).select_related("post").first()
    if brief is None or not brief.is_published:
        return None
    # By its post a mail knows later on whether it is still public.
    post = {"post": brief.post.public_id} if brief.post is not None else {}
    return {"brief": brief.public_id, "monday": entry.data["monday"], **post}


def about(entry: Entry) -> list[Topic]:
    products = Product.objects.filter(slug=entry.data["product"])
    return [(About.BRIEF, pk) for pk in products.values_list("pk", flat=True)]


def recipients(entry: Entry) -> Iterable[Audience]:
    yield from followers(about(entry))


def thread(entry: Entry) -> str:
    return f"briefs:{entry.data['product']}"


def sentence(kept: Facts) -> str:
    return _("The weekly brief")


def title(kept: Facts) -> str:
    return Week(dt.date.fromisoformat(kept["monday"])).title


def letter(kept: Facts) -> str:
    brief = Brief.objects.filter(public_id=kept["brief"], state=Brief.State.PUBLISHED).first()
    return for_reader(brief) if brief else ""


def url(kept: Facts) -> str:
    return reverse("briefs:brief-detail", args=[kept["brief"]])


OCCASION = Occasion(
    verbs=(Verb.BRIEF_PUBLISHED,),
    group=Group.BRIEFS,
    key=key,
    facts=facts,
    recipients=recipients,
    about=about,
    thread=thread,
    sentence=sentence,
    title=title,
    letter=letter,
    url=url,
)
