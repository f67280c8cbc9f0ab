"""README's first line, held: everyone who asked hears back, on the site and by mail, and nobody counts who cannot."""

from allauth.account.models import EmailAddress
from django.conf import settings as site_settings

from feedback.accounts.claiming.operations import claim_words
from feedback.accounts.models import User
from feedback.forum.votes.operations import vote
from feedback.kernel import clock
from feedback.notify.following.operations import subscribe
from feedback.notify.groups import About
from feedback.notify.models import Notice
from feedback.notify.reach import reach_of, tellings
from feedback.roadmap import operations as roadmap
from tests.accounts.imported import author, bring_posts

SHIPPED = "Shipped in 1.4.0"


def test_the_first_line_is_true(
    server, board, ann, bo, mo, pia, person, make_ask, publish, send, client_of
):
    assert "everyone who asked hears back" in (site_settings.BASE_DIR / "README.md").read_text()
    (elsewhere,) = bring_posts(board, ("cleo-gh", "cleo@example.org"))
    own = publish(ann, "Dark mode, please")
    ask = make_ask(own, elsewhere, title="Dark mode")
    nameless = User.objects.create_user(origin="ANONYMOUS")
    vote(post=own, person=bo, now=clock.now())
    vote(post=own, person=nameless, now=clock.now())
    subscribe(person=mo, about=About.ASK, about_id=ask.pk, is_muted=False, now=clock.now())

    item = roadmap.adopt(ask=ask, actor=pia, now=clock.now(), title="A dark theme")
    send()
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=clock.now())
    assert send() == 3

    # Who asked, who wanted it too and who follows it: here and by mail.
    for one in (ann, bo, mo):
        assert SHIPPED in client_of(one).get("/inbox/").content.decode()
        assert any(SHIPPED in mail["Subject"] for mail in server.to(one.email))
    reach = reach_of(ask)
    assert (reach.people, reach.here, reach.by_mail) == (4, 3, 3)
    assert (reach.unclaimed, reach.nameless) == (1, 1)
    (shipped, *_) = tellings(ask)
    assert (shipped.here, shipped.mailed, shipped.unclaimed) == (3, 3, 1)

    # Who asked elsewhere hears once they have shown that it was they.
    cleo = person("Cleo")
    EmailAddress.objects.create(user=cleo, email=cleo.email, verified=True, primary=True)
    claim_words(person=cleo, authors=[author("cleo-gh").public_id], now=clock.now())
    page = client_of(cleo).get("/inbox/").content.decode()
    assert SHIPPED in page and "Planned" in page
    assert tellings(ask)[0].here == 4 and tellings(ask)[0].unclaimed == 0
    assert reach_of(ask).here == 4

    # Each of them once.
    told = Notice.objects.filter(key__startswith="item:")
    assert told.count() == told.values("person", "key").distinct().count()
