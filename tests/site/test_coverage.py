"""What everyone may read of how the team answers and how good the grouping is."""

import pytest
from django.core.cache import cache

from feedback.asks.answers import answer_ask
from feedback.grouping.models import EncoderModel
from feedback.measure.models import Judgement
from feedback.measure.quality import queries as quality

pytestmark = pytest.mark.django_db


def test_the_share_of_answered_asks_is_told(client_of, dark_mode, make_ask, publish, bo, pia, now):
    make_ask(publish(bo, "Offline videos"))
    answer_ask(ask=dark_mode, body="Coming in May.", actor=pia, now=now)
    page = client_of(None).get("/coverage/").content.decode()
    assert "1 of 2 asks answered" in page
    assert "50%" in page
    assert "Offline videos" in page


def test_a_new_site_says_so(client_of, db):
    page = client_of(None).get("/coverage/").content.decode()
    assert "No ask has been confirmed yet" in page
    assert "As soon as enough are judged" in page


def test_the_grouping_is_told_only_once_enough_is_judged(
    client_of, dark_mode, pia, publish, bo, now
):
    model = EncoderModel.objects.create(
        model_key="test", dims=4, views=[], is_current=True, first_seen_at=now
    )
    for at in range(quality.ENOUGH_FOR_ALL):
        Judgement.objects.create(
            kind="MEMBERSHIP",
            verdict="SAME" if at % 10 else "OTHER",
            post=publish(bo, f"Wish {at}"),
            ask=dark_mode,
            model_key=model.model_key,
            language="en",
            person=pia,
            judged_at=now,
        )
    page = client_of(None).get("/coverage/").content.decode()
    assert "random sample of 60 posts: 90% were in the right ask" in page
    assert "(80% to 95%)" in page
    Judgement.objects.first().delete()
    cache.clear()
    assert "random sample of" not in client_of(None).get("/coverage/").content.decode().replace(
        "judges a random sample of", ""
    )
