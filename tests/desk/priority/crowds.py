"""Crowds and people who have nothing to do with each other, for the tests of priority."""

import datetime as dt

from allauth.account.models import EmailAddress

from feedback.accounts.models import User
from feedback.asks.counts import recount
from feedback.forum.models import Vote
from tests.cast import make_person


def people(number, *, name="p", mail=None, **fields):
    """Make ``number`` people who signed up long ago, on different days, each at a house of their own."""
    made = []
    for at in range(number):
        address = mail(at) if mail is not None else f"{name}{at}@{name}{at}.example"
        person = make_person(f"{name}{at}", email=address, **fields)
        EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
        made.append(person)
    for at, person in enumerate(made):
        joined = person.joined_at - dt.timedelta(days=40 + at)
        User.objects.filter(pk=person.pk).update(joined_at=joined)
    return made


def want(post, those, *, at, apart=dt.timedelta(hours=2)):
    """Have ``those`` vote for ``post``, one every two hours."""
    Vote.objects.bulk_create(
        Vote(post=post, person=person, voted_at=at - apart * n) for n, person in enumerate(those)
    )
    recount([post.membership.ask_id])
