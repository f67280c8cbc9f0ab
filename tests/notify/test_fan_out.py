"""Everyone who asked hears back, once."""

import pytest

from feedback.accounts.models import Origin, User
from feedback.asks.answers import answer_ask, decline_ask
from feedback.asks.decisions.confirm import rename_ask
from feedback.asks.decisions.contest import contest
from feedback.asks.decisions.shape import join_asks
from feedback.asks.decisions.undo import undo
from feedback.asks.models import Proposal
from feedback.asks.proposals.operations import dismiss
from feedback.asks.stages import Stage
from feedback.asks.staging import set_stage
from feedback.forum.comments.operations import comment as publish_comment
from feedback.forum.comments.operations import hide_comment
from feedback.forum.models import Vote
from feedback.forum.votes.operations import vote
from feedback.notify import recipients
from feedback.notify.channels.inbox.presenting import told as shown
from feedback.notify.models import Notice
from feedback.roadmap import operations as roadmap


def told(person):
    """What ``person`` was told, oldest first: verb and the item's stage."""
    notices = Notice.objects.filter(person=person).select_related("entry").order_by("id")
    return [notice.entry.verb for notice in notices]


def test_adopting_and_shipping_tell_the_author_and_the_voter(item, ann, bo, pia, now, deliver):
    deliver()
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    deliver()
    assert told(ann) == told(bo) == ["roadmap.item-adopted", "roadmap.item-shipped"]
    asked = {notice.person_id: notice.data["asked"] for notice in Notice.objects.all()}
    assert asked == {ann.pk: True, bo.pk: False}


def test_whoever_did_it_is_not_told(publish, make_ask, ann, pia, now, deliver):
    ask = make_ask(publish(pia, "My own wish"), publish(ann, "The same"))
    roadmap.adopt(ask=ask, actor=pia, now=now, title="A wish")
    deliver()
    assert (told(pia), told(ann)) == ([], ["roadmap.item-adopted"])


def test_anonymous_authors_and_closed_accounts_are_left_out(
    publish, make_ask, anonymous, ann, bo, pia, now, deliver
):
    gone = anonymous()
    ask = make_ask(publish(gone, "One star"), publish(ann, "Same"), publish(bo, "Same again"))
    bo.is_active = False
    bo.save()
    roadmap.adopt(ask=ask, actor=pia, now=now, title="Better")
    deliver()
    assert list(Notice.objects.values_list("person", flat=True)) == [ann.pk]


def test_who_is_behind_two_asks_of_an_item_hears_once(
    item, ann, publish, make_ask, pia, now, deliver
):
    roadmap.link_ask(item=item, ask=make_ask(publish(ann, "Black")), actor=pia, now=now)
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    deliver()
    assert told(ann).count("roadmap.item-shipped") == 1


def test_people_follow_an_ask_that_was_joined_into_another(
    item, dark_mode, ann, bo, person, publish, make_ask, pia, now, deliver
):
    cleo = person("Cleo")
    big = make_ask(publish(cleo, "Night theme"), title="Night theme")
    set_stage(ask=big, stage=Stage.PLANNED, actor=pia, now=now)
    join_asks(ask=dark_mode, into=big, actor=pia, now=now)
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    deliver()
    for who in (ann, bo, cleo):
        assert told(who).count("roadmap.item-shipped") == 1


def test_the_last_word_is_where_the_item_stands(item, ann, pia, now, deliver):
    for stage in (Stage.UNDER_REVIEW, Stage.PLANNED, Stage.IN_PROGRESS, Stage.PLANNED):
        roadmap.move(item=item, stage=stage, actor=pia, now=now)
    deliver()
    stages = [n.data["stage"] for n in Notice.objects.filter(person=ann).order_by("id")]
    assert stages == ["PLANNED", "UNDER_REVIEW", "PLANNED", "IN_PROGRESS", "PLANNED"]
    keys = [n.key.split(":", 2)[2] for n in Notice.objects.filter(person=ann).order_by("id")]
    assert keys == ["PLANNED:0", "UNDER_REVIEW:0", "PLANNED:1", "IN_PROGRESS:0", "PLANNED:2"]


# --- Who comes late -----------------------------------------------------------------------------------------
def sentences(person):
    return [shown(notice).text for notice in Notice.objects.filter(person=person).order_by("id")]


def test_who_is_behind_an_ask_that_is_linked_hears_where_the_item_stands(
    item, ann, mo, publish, make_ask, pia, now, deliver
):
    deliver()
    other = make_ask(publish(mo, "Night theme"))
    roadmap.adopt(ask=other, actor=pia, now=now, title="x", item=item)
    deliver()
    assert sentences(mo) == ["Planned: you asked for it"]
    assert told(ann) == ["roadmap.item-adopted"]
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=now)
    roadmap.link_ask(item=item, ask=make_ask(publish(mo, "Black")), actor=pia, now=now)
    deliver()
    assert sentences(mo) == ["Planned: you asked for it", "Work has begun"]


def test_linking_to_what_is_under_review_is_no_news(item, mo, publish, make_ask, pia, now, deliver):
    roadmap.move(item=item, stage=Stage.UNDER_REVIEW, actor=pia, now=now)
    deliver()
    roadmap.link_ask(item=item, ask=make_ask(publish(mo, "Night theme")), actor=pia, now=now)
    deliver()
    assert told(mo) == []


def test_who_is_joined_into_what_has_shipped_hears_so(
    item, dark_mode, ann, mo, person, publish, make_ask, pia, now, deliver
):
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    deliver()
    vote(post=dark_mode.medoid, person=mo, now=now)  # knows that it has shipped
    cleo = person("Cleo")
    late = make_ask(publish(cleo, "Night theme"))
    join_asks(ask=late, into=dark_mode, actor=pia, now=now)
    deliver()
    assert sentences(cleo) == ["Shipped in 1.4.0. Thank you for asking"]
    assert told(mo) == []
    assert told(ann) == ["roadmap.item-adopted", "roadmap.item-shipped"]


def test_all_who_are_joined_hear_however_many_their_posts_are(
    item, dark_mode, mo, person, publish, make_ask, pia, now, deliver, monkeypatch
):
    monkeypatch.setattr(recipients, "POSTS_NAMED", 1)
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    deliver()
    cleo, dan = person("Cleo"), person("Dan")
    posts = [publish(cleo, "Night theme"), publish(dan, "Black"), publish(cleo, "Darker")]
    vote(post=posts[0], person=mo, now=now)
    vote(post=posts[2], person=mo, now=now)
    join_asks(ask=make_ask(*posts), into=dark_mode, actor=pia, now=now)
    deliver()
    for who in (cleo, dan):
        assert sentences(who) == ["Shipped in 1.4.0. Thank you for asking"]
    assert sentences(mo) == ["Shipped in 1.4.0. You wanted it too"]


def test_who_is_joined_into_a_refusal_reads_its_reason(
    item, dark_mode, person, publish, make_ask, pia, now, deliver
):
    roadmap.decline(item=item, reason="Too dear.", actor=pia, now=now)
    deliver()
    cleo = person("Cleo")
    late = make_ask(publish(cleo, "Night theme"))
    join_asks(ask=late, into=dark_mode, actor=pia, now=now)
    deliver()
    assert sentences(cleo) == ["Will not be done, and why: you asked for it"]
    assert Notice.objects.get(person=cleo).data["reason"] == "Too dear."


def test_a_join_that_was_undone_before_the_worker_came_tells_nobody(
    item, dark_mode, person, publish, make_ask, pia, now, deliver
):
    cleo = person("Cleo")
    joined = join_asks(
        ask=make_ask(publish(cleo, "Night theme")), into=dark_mode, actor=pia, now=now
    )
    undo(decision=joined, actor=pia, now=now)
    deliver()
    assert told(cleo) == []


def test_what_is_reopened_and_shipped_again_is_told_again(item, ann, pia, now, deliver):
    roadmap.ship(item=item, version="1.4.0", actor=pia, now=now)
    roadmap.move(item=item, stage=Stage.IN_PROGRESS, actor=pia, now=now)
    roadmap.ship(item=item, version="1.4.1", actor=pia, now=now)
    deliver()
    assert told(ann) == [
        "roadmap.item-adopted",
        "roadmap.item-shipped",
        "roadmap.item-moved",
        "roadmap.item-shipped",
    ]


def test_a_second_refusal_with_another_reason_is_told(item, ann, pia, now, deliver):
    roadmap.decline(item=item, reason="Too dear.", actor=pia, now=now)
    roadmap.move(item=item, stage=Stage.PLANNED, actor=pia, now=now)
    roadmap.decline(item=item, reason="Still too dear.", actor=pia, now=now)
    deliver()
    reasons = [
        notice.data["reason"]
        for notice in Notice.objects.filter(person=ann).order_by("id")
        if notice.entry.verb == "roadmap.item-declined"
    ]
    assert reasons == ["Too dear.", "Still too dear."]


def test_each_answer_is_told_and_carries_its_first_words(dark_mode, ann, bo, pia, now, deliver):
    answer_ask(ask=dark_mode, body="We hear you.", actor=pia, now=now)
    answer_ask(ask=dark_mode, body="It is on its way.", actor=pia, now=now)
    deliver()
    assert told(bo) == ["asks.ask-answered"] * 2
    excerpts = [n.data["excerpt"] for n in Notice.objects.filter(person=ann).order_by("id")]
    assert excerpts == ["We hear you.", "It is on its way."]


def test_declining_an_ask_tells_why(dark_mode, ann, pia, now, deliver):
    decline_ask(ask=dark_mode, reason="It would look bad.", actor=pia, now=now)
    deliver()
    assert Notice.objects.get(person=ann).data["reason"] == "It would look bad."


def test_a_comment_tells_the_author_of_the_post_alone(publish, ann, bo, mo, now, deliver):
    post = publish(ann)
    vote(post=post, person=mo, now=now)
    publish_comment(post=post, author=bo, body="Me too, at night.", now=now)
    publish_comment(post=post, author=ann, body="Right?", now=now)
    publish_comment(post=post, author=mo, body="Duplicate?", now=now, is_internal=True)
    deliver()
    notice = Notice.objects.get()
    assert (notice.person, notice.data["by"]) == (ann, "Bo")
    assert notice.data["excerpt"] == "Me too, at night."


def test_a_comment_hidden_before_the_worker_came_is_not_told(publish, ann, bo, mo, now, deliver):
    comment = publish_comment(post=publish(ann), author=bo, body="Buy gold!", now=now)
    hide_comment(comment=comment, moderator=mo, now=now)
    deliver()
    assert not Notice.objects.exists()


def test_votes_and_grouping_tell_nobody(publish, ann, bo, now, deliver, make_ask, pia):
    post = publish(ann)
    vote(post=post, person=bo, now=now)
    rename_ask(ask=make_ask(post), title="Darkness", actor=pia, now=now)
    deliver()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("people", [2500])
def test_thousands_are_told_in_stretches(
    people, db, publish, ann, make_ask, pia, now, deliver, django_assert_max_num_queries
):
    post = publish(ann)
    crowd = User.objects.bulk_create(
        User(origin=Origin.IMPORTED, origin_key=f"crowd:{n}", display_name=f"P{n}")
        for n in range(people)
    )
    Vote.objects.bulk_create(Vote(post=post, person=who, voted_at=now) for who in crowd)
    roadmap.adopt(ask=make_ask(post), actor=pia, now=now, title="Wanted by many")
    # Nine stretches, each of which asks and writes as often as one for a single person would.
    with django_assert_max_num_queries(120):
        deliver()
    assert Notice.objects.count() == people + 1


def test_an_author_whose_contest_was_refused_hears_of_it(
    ann, pia, publish, make_ask, now, run_jobs, client_of
):
    post = publish(ann, "A sleep timer")
    make_ask(post, publish(pia, "Stop playing after a while"), title="Sleep timer")
    contest(post=post, author=ann, now=now)
    dismiss(proposal=Proposal.objects.get(kind="CONTEST"), actor=pia, now=now)
    run_jobs()
    page = client_of(ann).get("/inbox/").content.decode()
    assert "put your post back into “Sleep timer”" in page
    opened = client_of(ann).post(f"/inbox/{Notice.objects.get(person=ann).public_id}/")
    assert opened.url.startswith(f"/posts/{post.public_id}/")
