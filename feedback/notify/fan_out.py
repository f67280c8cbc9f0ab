"""From one journal entry to a notice for everyone it concerns, each person once."""

from collections.abc import Iterator

from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.notify import occasions
from feedback.notify.channels.email import queue as email
from feedback.notify.channels.inbox import operations as inbox
from feedback.notify.channels.push import queue as push
from feedback.notify.groups import NEVER_MUTED
from feedback.notify.recipients import in_batches, who_may_read


def tell(entry: Entry) -> None:
    """Tell everyone whom ``entry`` concerns, at once."""
    for _ in tell_in_stretches(entry):
        pass


def tell_in_stretches(entry: Entry) -> Iterator[None]:
    """Tell everyone whom ``entry`` concerns; yield after each stretch of people, which is a transaction of its own.

    1. Find the kind of occasion by the entry's verb.
    2. Gather the facts that its sentence needs, as they are now. Without facts it is no news (any more): stop.
    3. Name what it tells of by a key, so that nobody hears of it twice.
    4. Go through who hears, some at a time, without whoever did it, whoever muted what it is about, and whoever may not read it.
    5. Put a notice into the inbox of each of them who has none with this key.
    6. Queue it for those who want it by mail too, and on their devices.

    The journal closes the entry's dispatch with the last stretch: a worker that is killed has told some, and telling again from
    the beginning changes nothing for those who were told.
    """
    occasion = occasions.by_verb()[entry.verb]
    facts = occasion.facts(entry)
    if facts is None:
        return
    key, thread = occasion.key(entry), occasion.thread(entry)
    now = clock.now()
    muted = [] if occasion.group in NEVER_MUTED else list(occasion.about(entry))
    for audience in occasion.recipients(entry):
        kept = {**facts, **audience.facts}
        people = who_may_read(audience.people, facts)
        for person_ids in in_batches(people, but_not=entry.actor_id, muted=muted):
            inbox.put(
                person_ids=person_ids, key=key, thread=thread, entry=entry, facts=kept, now=now
            )
            for put in (email.put, push.put):
                put(person_ids=person_ids, key=key, entry=entry, group=occasion.group, now=now)
            yield
