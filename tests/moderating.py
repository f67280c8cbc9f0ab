"""What the tests of moderation share: the rules, a case, a decision."""

import csv
from pathlib import Path

import pytest

from feedback import sample
from feedback.forum.models import Case, Rule
from feedback.forum.moderation.deciding import Said, decide
from feedback.forum.moderation.flagging import flag
from feedback.kernel import clock, visible


def no_advertising():
    """Return a rule of the house, made on first use, with a word in both languages."""
    words = {"name": "No spam", "name_zh": "不发广告", "word": "It sells.", "word_zh": "这是广告。"}
    made, _ = Rule.objects.update_or_create(slug="no-advertising", defaults=words)
    return made


@pytest.fixture
def rule(db):
    """A rule of the house; see `no_advertising`."""
    return no_advertising()


def report(thing, *people, reason="SPAM"):
    """Report something, and return its open case."""
    for person in people:
        flag(thing=thing, person=person, reason=reason, now=clock.now())
    kind = "person" if thing._meta.model_name == "user" else thing._meta.model_name
    return Case.objects.get(thing=f"{kind}:{thing.public_id}", closed_at=None)


@pytest.fixture
def reported(db):
    """Report something: ``reported(post, bo)`` returns its open case."""
    return report


def say(case, actor, action, **more):
    """Decide a case by the rule of the house."""
    needs = action not in ("KEEP", "GRANT", "DENY")
    said = Said(action=action, rule=no_advertising() if needs else None, **more)
    return decide(case=case, said=said, actor=actor, now=clock.now())


@pytest.fixture
def ruled(rule):
    """Decide: ``ruled(case, mo, "HIDE")``."""
    return say


def reviews_of_the_sample():
    """Return a hundred reviews of the sample, spread over all of it, as (title, details)."""
    path = Path(sample.__file__).parent / "data/reviews/youtube_reviews.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if visible.shows(row["body"])]
    step = len(rows) // 100
    return [
        (row["body"][:80] if row["title"] == "None" else row["title"][:200], row["body"])
        for row in rows[::step][:100]
    ]


@pytest.fixture
def honest_words():
    """Reviews of the sample, as (title, details)."""
    return reviews_of_the_sample()
