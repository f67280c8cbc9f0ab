"""What somebody was told, and how they wanted to be: shown to them, and forgotten with them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from feedback.accounts.models import User
from feedback.accounts.own_data.parts import Part, Row
from feedback.forum.models import Post
from feedback.notify.channels.inbox.presenting import told
from feedback.notify.erasing import erase_notices
from feedback.notify.models import Device, FeedKey, Mail, Notice, Subscription, Wishes


def shows(person: User) -> Mapping[str, Iterable[Row]]:
    """Return what ``person`` was told, where it went, what they follow and how they want to be told."""
    return {
        "inbox": _told(person),
        "mails": Mail.objects.filter(person=person)
        .order_by("pk")
        .values("address", "state", "made_at", "finished_at"),
        "followed-and-muted": Subscription.objects.filter(person=person)
        .order_by("pk")
        .values("about", "about_id", "is_muted", "since"),
        "how-you-are-told": Wishes.objects.filter(person=person).values(
            "mail", "push", "quiet_from", "quiet_until", "time_zone"
        ),
        "devices": Device.objects.filter(person=person)
        .order_by("pk")
        .values("name", "service", "since", "off", "off_at"),
    }


def _told(person: User) -> Iterator[Row]:
    notices = Notice.objects.filter(person=person).select_related("entry").order_by("pk")
    for notice in notices.iterator(chunk_size=500):
        one = told(notice)
        yield {"text": one.text, "title": one.title, "told_at": one.at, "is_read": one.is_read}


def erase(person: User, *, keeps_words: bool, now: dt.datetime) -> None:
    """Forget addresses, and the name and the words of ``person`` in what others were told.

    Notices and mails stay as numbers: figures of people told are counts of them.
    """
    Mail.objects.filter(person=person).update(address="", error="")
    for notice in Notice.objects.filter(entry__actor_id=person.pk, data__has_key="by"):
        words = {} if keeps_words else {"excerpt": ""}
        notice.data = notice.data | {"by": ""} | words
        notice.save(update_fields=["data"])
    if not keeps_words:
        posts = Post.objects.filter(author=person).values_list("pk", flat=True)
        erase_notices(of=Post, pks=posts)


PART = Part(
    room="notify",
    shows=shows,
    takes=(
        (Subscription, "person"),
        (Wishes, "person"),
        (Device, "person"),
        (FeedKey, "person"),
    ),
    erase=erase,
)
