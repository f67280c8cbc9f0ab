"""The desk over HTTP: read the evidence, decide, undo."""

import datetime as dt
import re
from importlib import import_module

import pytest

from feedback.asks.decisions.confirm import confirm_ask, lock_ask
from feedback.asks.decisions.contest import contest as contest_membership
from feedback.asks.models import Ask, Decision, Membership, Proposal
from feedback.grouping.models import Run
from feedback.journal.models import Entry
from feedback.kernel import clock
from feedback.roadmap.models import Item

pytestmark = pytest.mark.django_db


def proposal_of(ask):
    return Proposal.objects.get(ask=ask, kind="NEW_ASK")


def test_the_inbox_shows_what_waits_and_the_evidence_of_the_first(grouped, desk):
    answer = desk.get("/desk/")
    page = answer.content.decode()
    first = Proposal.objects.get(public_id=answer.context["proposals"][0].public_id)
    assert f"/desk/proposals/{first.public_id}/" in page
    for membership in Membership.objects.filter(ask=first.ask).select_related("post"):
        assert membership.post.title in page


def test_an_empty_desk_says_so(desk, db):
    assert "No posts yet" in desk.get("/desk/").content.decode()


def test_members_do_not_see_the_desk(grouped, client_of, ann):
    assert client_of(ann).get("/desk/").status_code == 403
    assert client_of(None).get("/desk/").status_code == 404


def test_a_moderator_reads_but_does_not_decide(grouped, client_of, mo, ask_of):
    ask = ask_of(grouped["dark"][0])
    client = client_of(mo)
    assert client.get("/desk/").status_code == 200
    answer = client.post(f"/desk/proposals/{proposal_of(ask).public_id}/", {"do": "confirm"})
    assert answer.status_code == 403
    ask.refresh_from_db()
    assert ask.state == Ask.State.PROPOSED


def test_confirming_makes_the_ask_public_under_the_given_title(grouped, desk, ask_of, client_of):
    ask = ask_of(grouped["dark"][0])
    desk.post(
        f"/desk/proposals/{proposal_of(ask).public_id}/", {"do": "confirm", "title": "Dark mode"}
    )
    page = client_of(None).get(f"/asks/{ask.public_id}/")
    assert page.status_code == 200
    assert "Dark mode" in page.content.decode()


def test_posts_left_unticked_do_not_come_along(grouped, desk, ask_of):
    ask = ask_of(grouped["crash"][0])
    shown = [post.public_id for post in grouped["crash"]]
    desk.post(
        f"/desk/proposals/{proposal_of(ask).public_id}/",
        {"do": "confirm", "shown": shown, "post": shown[:3]},
    )
    assert ask_of(grouped["crash"][3]) is None
    ask.refresh_from_db()
    assert (ask.post_count, ask.state) == (3, "PUBLIC")


def test_confirming_with_nothing_ticked_changes_nothing(grouped, desk, ask_of):
    ask = ask_of(grouped["crash"][0])
    shown = [post.public_id for post in grouped["crash"]]
    answer = desk.post(
        f"/desk/proposals/{proposal_of(ask).public_id}/",
        {"do": "confirm", "shown": shown},
        follow=True,
    )
    assert "Choose at least two posts" in answer.content.decode()
    assert Decision.objects.count() == 0


def test_after_a_decision_comes_the_next_proposal_with_an_undo(grouped, desk, ask_of):
    ask = ask_of(grouped["dark"][0])
    answer = desk.post(
        f"/desk/proposals/{proposal_of(ask).public_id}/", {"do": "confirm"}, follow=True
    )
    decision = Decision.objects.get()
    assert answer.redirect_chain[-1][0].startswith("/desk/proposals/")
    assert f"/desk/decisions/{decision.public_id}/undo/" in answer.content.decode()


def test_undo_from_the_desk_brings_the_proposal_back(grouped, desk, ask_of):
    ask = ask_of(grouped["dark"][0])
    desk.post(f"/desk/proposals/{proposal_of(ask).public_id}/", {"do": "reject"})
    decision = Decision.objects.get()
    desk.post(f"/desk/decisions/{decision.public_id}/undo/")
    ask.refresh_from_db()
    assert ask.state == Ask.State.PROPOSED
    assert proposal_of(ask).state == Proposal.State.OPEN


def test_deciding_twice_is_told(grouped, desk, ask_of):
    proposal = proposal_of(ask_of(grouped["dark"][0]))
    desk.post(f"/desk/proposals/{proposal.public_id}/", {"do": "confirm"})
    answer = desk.post(f"/desk/proposals/{proposal.public_id}/", {"do": "reject"}, follow=True)
    assert "decided about this already" in answer.content.decode()
    assert Decision.objects.count() == 1


def test_later_decides_nothing_and_goes_on(grouped, desk, ask_of):
    proposal = proposal_of(ask_of(grouped["dark"][0]))
    answer = desk.post(f"/desk/proposals/{proposal.public_id}/", {"do": "later"})
    assert answer.status_code == 302
    assert proposal.public_id not in answer.url
    assert Decision.objects.count() == 0


def test_htmx_gets_only_the_evidence(grouped, desk, ask_of):
    proposal = proposal_of(ask_of(grouped["dark"][0]))
    answer = desk.get(f"/desk/proposals/{proposal.public_id}/", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert grouped["dark"][0].title in page


def test_rename_lock_and_unlock(grouped, desk, ask_of):
    ask = ask_of(grouped["dark"][0])
    desk.post(f"/desk/asks/{ask.public_id}/rename/", {"title": "Night theme"})
    desk.post(f"/desk/asks/{ask.public_id}/lock/")
    ask.refresh_from_db()
    assert (ask.title, ask.is_locked) == ("Night theme", True)
    desk.post(f"/desk/asks/{ask.public_id}/lock/")
    ask.refresh_from_db()
    assert not ask.is_locked


def test_an_empty_title_is_refused_in_a_sentence(grouped, desk, ask_of):
    ask = ask_of(grouped["dark"][0])
    answer = desk.post(f"/desk/asks/{ask.public_id}/rename/", {"title": "  "}, follow=True)
    assert "Give the ask a title" in answer.content.decode()


def test_splitting_by_ticking(grouped, desk, ask_of):
    ask = ask_of(grouped["crash"][0])
    two = [post.public_id for post in grouped["crash"][:2]]
    step = desk.post(f"/desk/asks/{ask.public_id}/posts/", {"post": two, "do": "split"})
    assert desk.get(step.url).status_code == 200
    desk.post(f"/desk/asks/{ask.public_id}/split/", {"post": two, "title": "On opening"})
    new = ask_of(grouped["crash"][0])
    assert (new.title, new.post_count, new.split_from) == ("On opening", 2, ask)


def test_moving_by_ticking_finds_asks_by_words_and_by_meaning(grouped, desk, ask_of):
    ask, other = ask_of(grouped["crash"][0]), ask_of(grouped["export"][0])
    one = grouped["crash"][0]
    step = desk.post(f"/desk/asks/{ask.public_id}/posts/", {"post": [one.public_id], "do": "move"})
    assert other.public_id in desk.get(step.url).content.decode()
    assert other.public_id in desk.get(step.url + f"&q={other.title.split()[0]}").content.decode()
    desk.post(f"/desk/asks/{ask.public_id}/move/", {"post": [one.public_id], "to": other.public_id})
    assert ask_of(one) == other


def test_joining_offers_the_nearest_asks(grouped, desk, ask_of):
    ask, other = ask_of(grouped["深色"][0]), ask_of(grouped["dark"][0])
    assert other.public_id in desk.get(f"/desk/asks/{ask.public_id}/join/").content.decode()
    desk.post(f"/desk/asks/{ask.public_id}/join/", {"to": other.public_id})
    assert ask_of(grouped["深色"][0]) == other


def test_joining_an_ask_into_itself_is_refused(grouped, desk, ask_of):
    ask = ask_of(grouped["dark"][0])
    answer = desk.post(
        f"/desk/asks/{ask.public_id}/join/", {"to": ask.public_id}, follow=True
    ).content.decode()
    assert "That is the same ask" in answer


def test_answering_tells_how_many_are_told(grouped, desk, ask_of, pia, now):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    answer = desk.post(
        f"/desk/asks/{ask.public_id}/answer/", {"body": "Next week."}, follow=True
    ).content.decode()
    assert "4 people are being told" in answer
    assert Entry.objects.filter(verb="asks.ask-answered").count() == 1


def test_declining_without_a_reason_keeps_the_form_and_the_ask(grouped, desk, ask_of, pia, now):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    answer = desk.post(f"/desk/asks/{ask.public_id}/decline/", {"reason": ""})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    ask.refresh_from_db()
    assert ask.stage == "UNDER_REVIEW"


def test_a_declined_ask_shows_its_reason_and_can_be_reopened(
    grouped, desk, ask_of, pia, now, client_of
):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    desk.post(f"/desk/asks/{ask.public_id}/decline/", {"reason": "Not before summer."})
    assert "Not before summer." in client_of(None).get(f"/asks/{ask.public_id}/").content.decode()
    desk.post(f"/desk/asks/{ask.public_id}/reopen/")
    ask.refresh_from_db()
    assert (ask.stage, ask.decline_reason) == ("UNDER_REVIEW", "")


def test_adopting_puts_it_on_the_public_roadmap(grouped, desk, ask_of, pia, now, client_of):
    ask = ask_of(grouped["dark"][0])
    confirm_ask(ask=ask, actor=pia, now=now)
    desk.post(f"/desk/asks/{ask.public_id}/adopt/", {"title": "A dark theme", "summary": ""})
    item = Item.objects.get()
    ask.refresh_from_db()
    assert (item.stage, ask.stage) == ("PLANNED", "PLANNED")
    assert "A dark theme" in client_of(None).get("/roadmap/").content.decode()


def test_regrouping_can_be_asked_for(grouped, desk):
    desk.post("/desk/regroup/")
    assert Run.objects.filter(state="WAITING").count() == 1


def test_the_log_of_decisions_tells_who_and_offers_undo(grouped, desk, ask_of, pia, now):
    decision = lock_ask(ask=ask_of(grouped["dark"][0]), actor=pia, now=now)
    page = desk.get("/desk/decisions/").content.decode()
    assert "Pia" in page
    assert f"/desk/decisions/{decision.public_id}/undo/" in page


def test_what_is_set_aside_waits_under_later(grouped, desk, ask_of):
    proposal = proposal_of(ask_of(grouped["dark"][0]))
    desk.post(f"/desk/proposals/{proposal.public_id}/", {"do": "later"})
    address = f'href="/desk/proposals/{proposal.public_id}/'
    assert address not in desk.get("/desk/").content.decode()
    assert address in desk.get("/desk/?kind=later").content.decode()


def test_what_a_person_said_comes_before_what_the_machine_found(grouped, desk, ask_of, now):
    post = grouped["dark"][0]
    contest_membership(post=post, author=post.author, now=now)
    contest = Proposal.objects.get(kind="CONTEST")
    page = desk.get("/desk/").content.decode()
    first = page.index('data-proposal="')
    assert page[first:].startswith(f'data-proposal="{contest.public_id}"')


def test_every_proposal_can_be_reached(grouped, desk, monkeypatch):
    monkeypatch.setattr(import_module("feedback.desk.inbox.views"), "SHOWN", 2)
    waiting = list(Proposal.objects.filter(state="OPEN"))
    assert len(waiting) > 2
    pages = "".join(
        desk.get(f"/desk/?page={number}").content.decode()
        for number in range(1, len(waiting) // 2 + 2)
    )
    assert all(f"/desk/proposals/{one.public_id}/" in pages for one in waiting)


def test_going_back_in_the_browser_gets_the_whole_page(grouped, desk, ask_of):
    proposal = proposal_of(ask_of(grouped["dark"][0]))
    answer = desk.get(
        f"/desk/proposals/{proposal.public_id}/",
        headers={"HX-Request": "true", "HX-History-Restore-Request": "true"},
    )
    assert "<html" in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_putting_a_contested_post_back_says_so_and_is_written_down(grouped, desk, ask_of, now):
    post = grouped["dark"][0]
    ask = ask_of(post)
    contest_membership(post=post, author=post.author, now=now)
    contest = Proposal.objects.get(kind="CONTEST")
    answer = desk.post(f"/desk/proposals/{contest.public_id}/", {"do": "reject"}, follow=True)
    assert "Its author is told" in answer.content.decode()
    assert ask_of(post) == ask
    assert Entry.objects.get(verb="asks.contest-refused").data["author"] == post.author_id


@pytest.fixture
def all_read(monkeypatch):
    """Every post has its vector."""
    monkeypatch.setattr("feedback.desk.inbox.views.missing_count", lambda *_: 0)


def test_the_desk_opens_with_what_became_of_new_posts(
    client_of, pia, ann, bo, publish, make_ask, dark_mode, now, frozen, all_read
):
    client_of(pia).get("/desk/")
    frozen.shift(dt.timedelta(hours=2))
    publish(ann, "Alone")
    new = make_ask(publish(bo, "Offline videos"), publish(ann, "Videos offline"), state="PROPOSED")
    joined = publish(bo, "Dark mode at night")
    Membership.objects.create(post=joined, ask=dark_mode, source="MACHINE", placed_at=clock.now())
    Run.objects.all().delete()  # no grouping is under way
    page = " ".join(client_of(pia).get("/desk/").content.decode().split())
    assert new.post_count == 2
    words = re.sub("<[^>]+>", "", page)
    assert "4 new posts · 1 new ask · 1 joined an ask that was there · 1 alone" in words


def test_whoever_has_decided_nothing_is_told_of_the_last_week(
    client_of, pia, ann, publish, all_read
):
    publish(ann, "Alone")
    page = " ".join(client_of(pia).get("/desk/").content.decode().split())
    assert "In the last week: <strong>1 new post</strong> · 1 alone" in page


def test_a_post_that_nobody_has_read_yet_is_not_called_alone(client_of, pia, ann, publish):
    publish(ann, "Alone")
    page = " ".join(client_of(pia).get("/desk/").content.decode().split())
    assert "In the last week: <strong>1 new post</strong></span>" in page
