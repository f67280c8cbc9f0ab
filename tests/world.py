"""A small world in which every address leads somewhere. A conftest imports the fixture."""

import datetime as dt
from types import SimpleNamespace

import pytest

from feedback.asks.answers import decline_ask
from feedback.asks.areas.operations import make_area
from feedback.asks.decisions.confirm import rename_ask
from feedback.asks.models import Proposal
from feedback.forum.comments.operations import comment as publish_comment
from feedback.grouping.models import Question, Run
from feedback.journal import operations as journal
from feedback.kernel import clock
from feedback.measure.models import Alert
from feedback.notify.models import Endpoint, Notice
from feedback.roadmap import operations as roadmap
from feedback.roadmap.models import Cell
from feedback.roadmap.reports.operations import Said, open_report, send_report


@pytest.fixture
def world(ann, bo, mo, pia, ada, board, item, dark_mode, publish, make_ask, now):
    """One of everything: Ann's post in a public ask on the roadmap, a release, proposals, a notice."""
    post = dark_mode.medoid
    comment = publish_comment(post=post, author=bo, body="Me too.", now=now)
    undecided = publish(ann, "Export my data as CSV")
    proposed = make_ask(undecided, publish(bo, "CSV export"), state="PROPOSED")
    proposal = Proposal.objects.create(
        kind=Proposal.Kind.NEW_ASK, fingerprint="new:one", ask=proposed, proposed_at=now
    )
    open_ask = make_ask(publish(bo, "Offline videos"))
    renamed = rename_ask(ask=open_ask, title="Videos offline", actor=pia, now=now)
    opened = make_area(name="Watching", asks=[open_ask], actor=pia, now=now)
    declined = make_ask(publish(bo, "Free hats"))
    decline_ask(ask=declined, reason="No hats.", actor=pia, now=now)
    shipped = roadmap.adopt(
        ask=make_ask(publish(bo, "Faster", now=now)), actor=pia, now=now, title="Fast"
    )
    roadmap.ship(item=shipped, version="1.4.0", actor=pia, now=now)
    shipped.refresh_from_db()
    report = open_report(release=shipped.release, now=now)
    said = [Said(Cell.BROKEN, text="It stutters")]
    line = send_report(report=report, person=bo, said=said, now=now).entries.get()
    alert = Alert.objects.create(
        kind="GROWTH", ask=dark_mode, fingerprint="growth:one", strength=2.5, raised_at=now
    )
    question = Question.objects.create(
        post=dark_mode.medoid,
        other_post=open_ask.medoid,
        fingerprint="one:other",
        weight=2.0,
        people_count=2,
        run=Run.objects.create(product=board.product, state="DONE", requested_at=now),
        asked_at=now,
    )
    endpoint = Endpoint.objects.create(
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
    return SimpleNamespace(
        visitor=None,
        ann=ann,
        bo=bo,
        mo=mo,
        pia=pia,
        ada=ada,
        board=board,
        post=post,
        comment=comment,
        undecided=undecided,
        ask=dark_mode,
        area=opened.area,
        open_ask=open_ask,
        alert=alert,
        question=question,
        proposed=proposed,
        declined=declined,
        proposal=proposal,
        decision=renamed,
        item=item,
        shipped=shipped,
        endpoint=endpoint,
        sent=endpoint.deliveries.order_by("pk").first(),
        report=report,
        report_line=line,
        notice=Notice.objects.get(person=ann, key__startswith="item:"),
    )
