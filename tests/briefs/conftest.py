"""A week of a small forum in which something grew, was answered, declined, shipped and promised."""

import datetime as dt
from types import SimpleNamespace

import pytest

from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.models import Membership
from feedback.briefs.drafting.week import Week
from feedback.briefs.operations import draft_brief
from feedback.forum.models import Board, Post
from feedback.kernel import text
from feedback.roadmap import operations as roadmap
from tests.notify.conftest import deliver as deliver
from tests.notify.conftest import send as send
from tests.notify.conftest import server as server

WEEK = Week(dt.date(2026, 3, 2))
DAY = dt.timedelta(days=1)


def row(board, author, title, at, body="", language="en"):
    """Return an unsaved post as publishing would have made it: dozens are made in one go."""
    return Post(
        board=board,
        author=author,
        title=title,
        body=body,
        language=language,
        content_hash=text.content_hash(title, body),
        posted_at=at,
        arrived_at=at,
        last_activity_at=at,
        vote_count=1,
    )


@pytest.fixture
def news(product):
    return Board.objects.create(
        product=product,
        slug="news",
        name="News",
        name_zh="公告",
        posters="TEAM",
        is_grouped=False,
    )


@pytest.fixture
def told(board, news, person, make_ask, publish, ann, bo, pia, now):
    """The rows of the week of 2 March: `grew`, `steady`, `answered`, `declined`, `shipped` and the release that comes."""
    people = [person(f"Writer{at}") for at in range(6)]

    def asked(title, days, body="", language="en"):
        posts = Post.objects.bulk_create(
            row(board, people[at % 6], f"{title} {at}", now - day * DAY, body, language)
            for at, day in enumerate(days)
        )
        return make_ask(*posts, title=title)

    before = list(range(10, 60, 8))
    steady = asked(
        "Louder bells", [1, *range(10, 60, 4)], body="I would like the bells to ring louder."
    )
    grew = asked(
        "Offline maps",
        [0.1, 0.2, 1, 1.5, 2, 3, *before],
        body="I want the maps to work on the train without any network.",
    )
    chinese = asked(
        "深色模式", [0.5, 1, 2], body="希望晚上能自动换成深色，眼睛舒服一些。", language="zh"
    )
    Board.objects.filter(pk=board.pk).update(post_count=Post.objects.count())
    by = {"actor": pia, "now": now}
    answered = make_ask(publish(ann, "Export as CSV", body="Please let me take my figures home."))
    answer_ask(ask=answered, body="It comes in **April**. 四月就有。", **by)
    declined = make_ask(publish(bo, "Free hats"))
    decline_ask(ask=declined, reason="Hats are not what we make.", **by)
    done = make_ask(publish(ann, "Faster start"))
    item = roadmap.adopt(ask=done, title="It starts fast / 启动更快", **by)
    roadmap.ship(item=item, version="1.4.0", **by)
    promised = roadmap.adopt(ask=grew, title="Maps offline / 离线地图", **by)
    roadmap.edit_item(
        item=promised,
        title=promised.title,
        summary="",
        version="1.5.0",
        release_date=dt.date(2026, 3, 13),
        **by,
    )
    return SimpleNamespace(
        week=WEEK,
        product=board.product,
        board=board,
        news=news,
        grew=grew,
        steady=steady,
        chinese=chinese,
        answered=answered,
        declined=declined,
        done=done,
        by=by,
        in_week=lambda ask: Membership.objects.filter(
            ask=ask, post__posted_at__gte=WEEK.begins_at, post__posted_at__lt=WEEK.ends_at
        ),
    )


@pytest.fixture
def brief(told):
    """The draft of that week."""
    return draft_brief(product=told.product, week=told.week, **told.by)
