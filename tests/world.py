"""A small world in which every address leads somewhere. A conftest imports the fixture."""

import datetime as dt
from types import SimpleNamespace

import pytest

from feedback.asks.answers import decline_ask
from feedback.asks.areas.operations import make_area
from feedback.asks.decisions.confirm import rename_ask
from feedback.asks.models import Area, Ask, Decision, Proposal
from feedback.forum.comments.operations import comment as publish_comment
from feedback.forum.models import Comment, Post, Prompt
from feedback.forum.products.operations import default_product
from feedback.forum.votes.operations import vote
from feedback.grouping.models import Question, Run
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.measure.models import Alert
from feedback.notify.models import Endpoint, Notice
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Cell, Item, Report, ReportEntry
from feedback.roadmap.reports.operations import Said, open_report, send_report
from tests.cast import administrator, known, make_ask, manager, moderator, publish, suggestions
from tests.shared import share


def _make():
    """Make one of everything: Ann's post in a public ask on the roadmap, a release, proposals, a notice."""
    now = clock.now()
    board = suggestions(default_product(now=now))
    ann, bo, _mo, pia, _ada = known("Ann"), known("Bo"), moderator(), manager(), administrator()
    post = publish(ann, "Dark mode, please", board=board)
    vote(post=post, person=bo, now=now)
    Prompt.objects.create(post=post, prompt=post.title, kept_at=now)
    dark_mode = make_ask(post)
    Ask.objects.filter(pk=dark_mode.pk).update(people_count=2)
    dark_mode.people_count = 2
    roadmap.adopt(ask=dark_mode, actor=pia, now=now, title="A dark theme")
    publish_comment(post=post, author=bo, body="Me too.", now=now)
    undecided = publish(ann, "Export my data as CSV", board=board)
    proposed = make_ask(undecided, publish(bo, "CSV export", board=board), state="PROPOSED")
    Proposal.objects.create(
        kind=Proposal.Kind.NEW_ASK, fingerprint="new:one", ask=proposed, proposed_at=now
    )
    open_ask = make_ask(publish(bo, "Offline videos", board=board))
    rename_ask(ask=open_ask, title="Videos offline", actor=pia, now=now)
    make_area(name="Watching", asks=[open_ask], actor=pia, now=now)
    declined = make_ask(publish(bo, "Free hats", board=board))
    decline_ask(ask=declined, reason="No hats.", actor=pia, now=now)
    shipped = roadmap.adopt(
        ask=make_ask(publish(bo, "Faster", board=board, now=now)), actor=pia, now=now, title="Fast"
    )
    roadmap.ship(item=shipped, version="1.4.0", actor=pia, now=now)
    shipped.refresh_from_db()
    report = open_report(release=shipped.release, now=now)
    send_report(report=report, person=bo, said=[Said(Cell.BROKEN, text="It stutters")], now=now)
    Alert.objects.create(
        kind="GROWTH", ask=dark_mode, fingerprint="growth:one", strength=2.5, raised_at=now
    )
    Question.objects.create(
        post=post,
        other_post=open_ask.medoid,
        fingerprint="one:other",
        weight=2.0,
        people_count=2,
        run=Run.objects.create(product=board.product, state="DONE", requested_at=now),
        asked_at=now,
    )
    Endpoint.objects.create(
        name="产品群",
        kind="SLACK",
        address="https://8.8.8.8/services/x",
        groups=["ROADMAP"],
        language="en",
        made_at=now,
        free_at=now + dt.timedelta(days=1000),  # nobody asks it
    )
    while journal.deliver_due(now=clock.now()):
        pass


WORLD = share("world", _make)


@pytest.fixture
def world(ann, bo, mo, pia, ada, board):
    """One of everything; see `_make`."""
    if not WORLD.is_there:
        _make()
    asks = {ask.title: ask for ask in Ask.objects.select_related("medoid")}
    items = {item.title: item for item in Item.objects.select_related("release")}
    endpoint = Endpoint.objects.get()
    return SimpleNamespace(
        visitor=None,
        ann=ann,
        bo=bo,
        mo=mo,
        pia=pia,
        ada=ada,
        board=board,
        post=Post.objects.get(title="Dark mode, please"),
        comment=Comment.objects.get(body="Me too."),
        undecided=Post.objects.get(title="Export my data as CSV"),
        ask=asks["Dark mode, please"],
        area=Area.objects.get(),
        open_ask=asks["Videos offline"],
        alert=Alert.objects.get(),
        question=Question.objects.get(),
        proposed=asks["Export my data as CSV"],
        declined=asks["Free hats"],
        proposal=Proposal.objects.get(fingerprint="new:one"),
        decision=Decision.objects.get(kind="RENAME"),
        item=items["A dark theme"],
        shipped=items["Fast"],
        endpoint=endpoint,
        sent=endpoint.deliveries.order_by("pk").first(),
        report=Report.objects.get(),
        report_line=ReportEntry.objects.get(),
        notice=Notice.objects.get(person=ann, key__startswith="item:"),
    )
