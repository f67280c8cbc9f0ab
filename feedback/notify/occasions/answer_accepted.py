"""A comment was marked as the answer to a question: who wrote it hears."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.journal.models import Entry
from feedback.journal.verbs import Verb
from feedback.notify.groups import Group
from feedback.notify.occasions import Facts, Occasion, _post, commented
from feedback.notify.recipients import Audience, writer_of


def key(entry: Entry) -> str:
    return f"accepted:{entry.data['comment']}"


def recipients(entry: Entry) -> Iterable[Audience]:
    yield from writer_of(entry.data["comment"])


def sentence(kept: Facts) -> str:
    return _("Your comment was marked as the answer")


OCCASION = Occasion(
    verbs=(Verb.ANSWER_ACCEPTED,),
    group=Group.REPLIES,
    key=key,
    facts=commented.facts,
    recipients=recipients,
    about=_post.about,
    thread=_post.thread,
    sentence=sentence,
    url=commented.url,
)
