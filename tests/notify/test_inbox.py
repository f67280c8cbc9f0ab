"""The inbox page."""

import datetime as dt
import re

import pytest

from feedback.asks.answers import answer_ask
from feedback.asks.stages import Stage
from feedback.forum.comments.operations import comment as publish_comment
from feedback.forum.comments.operations import hide_comment, show_comment
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.notify.channels.inbox import operations, queries
from feedback.notify.models import Notice
from feedback.roadmap import operations as roadmap


def text_of(response):
    return response.content.decode()


def test_a_visitor_signs_in_first(client, db):
    response = client.get("/inbox/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_an_empty_inbox_offers_the_first_step(client_of, ann):
    page = text_of(client_of(ann).get("/inbox/"))
    assert "Nothing yet" in page
    assert "/posts/new/" in page


def test_each_kind_of_news_has_its_sentence(
    client_of, item, dark_mode, ann, bo, mo, pia, now, deliver
):
    post = dark_mode.medoid
    answer_ask(ask=dark_mode, body="We hear you.", actor=pia, now=now)
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=now)
    roadmap.move(item=item, stage=Stage.BETA, actor=pia, now=now)
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=now)
    roadmap.decline(item=item, reason="It broke maps.", actor=pia, now=now)
    roadmap.move(item=item, stage=Stage.PLANNED, actor=pia, now=now)
    publish_comment(post=post, author=bo, body="Hooray", now=now)
    publish_comment(post=post, author=mo, body="Thank you", now=now, is_official=True)
    deliver()
    page = text_of(client_of(ann).get("/inbox/"))
    for sentence in (
        "The team answered what you asked for",
        "Planned: you asked for it",
        "Work has begun",
        "Now in beta, to be tried out",
        "Shipped in 1.4.0. Thank you for asking",
        "Back in the workshop: it was not done yet",
        "Will not be done, and why: you asked for it",
        "It broke maps.",
        "Planned after all",
        "Bo commented on your post",
        "Mo answered your post for the team",
    ):
        assert sentence in page
    assert "you wanted it too" in text_of(client_of(bo).get("/inbox/"))


def test_opening_a_notice_reads_it_and_leads_to_its_subject(client_of, item, ann, now, deliver):
    deliver()
    notice = Notice.objects.get(person=ann)
    assert queries.unread_count(ann) == 1
    client, subject = client_of(ann), f"/roadmap/{item.public_id}/"
    assert f'action="/inbox/{notice.public_id}/"' in text_of(client.get("/inbox/"))
    assert client.post(f"/inbox/{notice.public_id}/")["Location"] == subject
    assert queries.unread_count(ann) == 0
    page = text_of(client.get("/inbox/"))
    assert f'href="{subject}"' in page, "What was read is a plain link."
    assert f'action="/inbox/{notice.public_id}/"' not in page


def test_looking_around_reads_nothing(client_of, item, ann, deliver):
    deliver()
    client = client_of(ann)
    notice = Notice.objects.get(person=ann)
    for path in set(re.findall(r'(?:href|action)="(/[^"]*)"', text_of(client.get("/inbox/")))):
        client.get(path)
    assert client.get(f"/inbox/{notice.public_id}/").status_code == 405
    assert queries.unread_count(ann) == 1


def test_what_is_told_no_more_can_still_be_read(client_of, ann, now):
    entry = Entry.objects.create(
        verb="roadmap.item-sung", subject_type="roadmap.item", subject_id=1, at=now
    )
    Notice.objects.create(
        person=ann, key="song:1", entry=entry, data={"title": "A song"}, told_at=now
    )
    client = client_of(ann)
    assert "There is news about something you asked for" in text_of(client.get("/inbox/"))
    assert client.post(f"/inbox/{Notice.objects.get().public_id}/")["Location"] == "/inbox/"


def test_a_comment_leads_to_its_place(client_of, publish, ann, bo, now, deliver):
    post = publish(ann)
    comment = publish_comment(post=post, author=bo, body="Yes", now=now)
    deliver()
    notice = Notice.objects.get()
    response = client_of(ann).post(f"/inbox/{notice.public_id}/")
    assert response["Location"] == f"/comments/{comment.public_id}/"


def test_an_inbox_is_its_persons_alone(client_of, item, ann, bo, ada, deliver):
    deliver()
    notice = Notice.objects.get(person=ann)
    for other in (bo, ada):
        assert client_of(other).post(f"/inbox/{notice.public_id}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_everything_is_read_at_once_and_only_ones_own(client_of, item, ann, bo, deliver):
    deliver()
    client = client_of(ann)
    assert client.get("/inbox/read-all/").status_code == 405
    client.post("/inbox/read-all/")
    assert (queries.unread_count(ann), queries.unread_count(bo)) == (0, 1)


def test_reading_twice_keeps_the_first_time(item, ann, now, deliver):
    deliver()
    notice = Notice.objects.get(person=ann)
    operations.mark_read(notice=notice, now=now)
    operations.mark_read(notice=notice, now=now + dt.timedelta(hours=1))
    notice.refresh_from_db()
    assert notice.read_at == now


def test_news_stands_under_its_day(client_of, item, ann, pia, frozen, deliver):
    deliver()
    frozen.shift(dt.timedelta(days=1))
    roadmap.ship(item=item, version="1", actor=pia, now=clock.now())
    deliver()
    page = text_of(client_of(ann).get("/inbox/"))
    assert page.index("Today") < page.index("Shipped in 1") < page.index("1 earlier")
    assert page.index("1 earlier") < page.index("Planned: you asked for it")
    assert "Yesterday" not in page, "What belongs together is folded under the day of the latest."


def test_the_head_of_every_page_counts_what_is_unread(client_of, item, ann, client, deliver):
    deliver()
    assert 'class="badge"' in text_of(client_of(ann).get("/roadmap/"))
    assert 'class="badge"' not in text_of(client.get("/roadmap/"))


@pytest.mark.parametrize("count", [100])
def test_a_full_inbox_needs_few_queries(
    client_of, item, ann, count, deliver, django_assert_max_num_queries
):
    deliver()
    first = Notice.objects.get(person=ann)
    Notice.objects.bulk_create(
        Notice(person=ann, key=f"n{n}", entry=first.entry, data=first.data, told_at=first.told_at)
        for n in range(count)
    )
    client = client_of(ann)
    with django_assert_max_num_queries(12):
        page = text_of(client.get("/inbox/"))
    assert "Page 1 of 4" in page


def test_the_words_of_a_hidden_comment_leave_the_inbox(
    client_of, publish, ann, bo, mo, now, deliver
):
    post = publish(ann)
    rude = publish_comment(post=post, author=bo, body="You are a xyzzy", now=now)
    publish_comment(post=post, author=bo, body="Me too, at night", now=now)
    deliver()
    hide_comment(comment=rude, moderator=mo, now=now)
    deliver()
    page = text_of(client_of(ann).get("/inbox/"))
    assert "xyzzy" not in page
    assert "Me too, at night" in page
    assert page.count("Bo commented on your post") == 2
    show_comment(comment=rude, moderator=mo, now=now)
    assert "xyzzy" in text_of(client_of(ann).get("/inbox/"))


def test_the_first_page_tells_a_member_what_they_have_not_read(
    client_of, item, dark_mode, ann, bo, pia, now, deliver
):
    home = client_of(ann)
    deliver()
    operations.mark_all_read(person=ann, now=now)
    assert "For you" not in text_of(home.get("/"))
    answer_ask(ask=dark_mode, body="We hear you.", actor=pia, now=now)
    for words in ("Hooray", "Hurrah"):
        publish_comment(post=dark_mode.medoid, author=bo, body=words, now=now)
    deliver()
    page = text_of(home.get("/"))
    assert "For you" in page and "1 more in your inbox" in page
    assert page.count('class="notice notice--new"') == 2
    assert "For you" not in text_of(home.get("/?sort=new"))
    assert "For you" not in text_of(client_of(None).get("/"))
    operations.mark_all_read(person=ann, now=now)
    assert "For you" not in text_of(home.get("/"))
