import pytest
from zeal import zeal_ignore
from django.db import connection
from django.test.utils import CaptureQueriesContext
from feedback.asks.models import Ask, Bond, Decision, Membership, Proposal
from feedback.kernel import clock
from tests.desk.test_near import desk, of, whole, decide, undo, offered, HTMX
pytestmark = pytest.mark.django_db

def test_parting_count(of, desk, grouped):
    dark = of("dark")
    shown = [one.public_id for one in grouped["dark"]]
    page = decide(desk, dark, HTMX, shown=shown, post=shown[:2], parting="1")
    body = page.content.decode()
    import re
    print("WAITING", re.findall(r'id="waiting-count".*?</p>', body), re.findall(r'id="number-to-decide".*?</span>', body))
    print("REAL", Proposal.objects.filter(state="OPEN").count())

def test_narrow_number(of, desk, grouped):
    dark = of("dark")
    Proposal.objects.filter(pk=dark.pk).update(people_count=5)
    Proposal.objects.filter(pk=of("crash").pk).update(people_count=5)
    import re
    address = f"/desk/proposals/{dark.public_id}/?size=5"
    with zeal_ignore():
        body = desk.post(address, {"do": "reject"}, headers=HTMX, follow=True).content.decode()
    print("NARROW", re.findall(r'id="number-to-decide".*?</span>', body))
    page = desk.get("/desk/?size=5").content.decode()
    print("PAGE", re.findall(r'id="number-to-decide".*?</span>', page))

def test_dismissed_also(of, desk, grouped):
    dark, zh = of("dark"), of("深色")
    decide(desk, zh, do="reject")
    print("state", Ask.objects.get(pk=zh.ask_id).state)
    page = decide(desk, dark, also=[zh.ask.public_id])
    print("DISMISSED JOINED", Ask.objects.get(pk=zh.ask_id).state, Ask.objects.get(pk=dark.ask_id).post_count, Proposal.objects.get(pk=zh.pk).state)

def test_dismissed_several(of, desk, grouped):
    dark, zh = of("dark"), of("深色")
    small = zh if zh.people_count <= dark.people_count else dark
    big = dark if small is zh else zh
    from feedback.asks.proposals.cases import best_standing
    best = best_standing([dark.ask, zh.ask])
    small = zh if best.pk == dark.ask_id else dark
    decide(desk, small, do="reject")
    with zeal_ignore():
        desk.post("/desk/proposals/several/", {"proposal": [dark.public_id, zh.public_id], "do": "one"}, follow=True)
    print("SEVERAL", Ask.objects.get(pk=small.ask_id).state, Proposal.objects.get(pk=small.pk).state)

def test_queries(of, desk):
    dark = of("dark")
    with CaptureQueriesContext(connection, ) as q:
        desk.get(f"/desk/proposals/{dark.public_id}/", headers=HTMX)
    n = sum("ORDER BY" in one["sql"] and "content_hash" in one["sql"] and "LIMIT 30" in one["sql"] for one in q)
    print("QUERIES", len(q), "samples", n, "asks", Ask.objects.count())

def test_near_empty(of, desk):
    dark, zh = of("dark"), of("深色")
    Proposal.objects.exclude(pk__in=[dark.pk, zh.pk]).update(people_count=1)
    near = desk.get(f"/desk/proposals/{dark.public_id}/").context["near"]
    print("NEAR", [n.public_id for n in near])
    from feedback.desk.inbox.near import written
    form = {"stands": dark.public_id, "stands_at": "2999-01-01T00:00:00+00:00", "stands_near": written(near)}
    body = decide(desk, zh, HTMX, do="reject", **form).content.decode()
    print("EMPTY near sent:", 'id="near"' in body, 'name="title"' in body, [n.public_id for n in desk.get(f"/desk/proposals/{dark.public_id}/").context["near"]])

def test_datalist(of, desk):
    dark, zh = of("dark"), of("深色")
    body = decide(desk, dark, HTMX, title="Dark mode now").content.decode()
    print("DATALIST in answer", "confirmed-asks" in body.replace('list="confirmed-asks"', ''))

def test_join_seen_at(of, desk, grouped):
    dark, zh = of("dark"), of("深色")
    decide(desk, dark)
    late = grouped["深色"][0]
    Membership.objects.filter(post=late).update(placed_at="2998-01-01T00:00:00+00:00")
    decide(desk, zh, also=[dark.ask.public_id], seen_at="2997-01-01T00:00:00+00:00")
    m = Membership.objects.get(post=late)
    print("SEEN", m.is_confirmed, m.source, m.ask_id == dark.ask_id)

def test_parting_contest_undo(of, desk, grouped, client_of):
    from feedback.asks.decisions.contest import contest_post
