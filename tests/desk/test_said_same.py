"""What members say asks the same lies on the desk: a proposal, the page of the ask, and what the team makes of it."""

import pytest

from feedback.asks.models import Bond, Membership, Proposal
from feedback.forum.models import Post
from feedback.forum.witnessing.same_as import say_same, unsay_same
from feedback.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def cy(person, now):
    """A member who is not new here."""
    made = person("Cy")
    made.joined_at = now.replace(year=now.year - 1)
    made.save()
    return made


@pytest.fixture
def outside(bo, publish):
    """A post in no ask."""
    return publish(bo, "A night theme")


@pytest.fixture
def say(run_jobs):
    def tell(person, post, other, *, takes_back=False):
        (unsay_same if takes_back else say_same)(
            post=post, other=other, person=person, now=clock.now()
        )
        run_jobs()

    return tell


def waiting():
    return Proposal.objects.filter(kind="SAME", state="OPEN")


def test_it_is_proposed_once_with_both_posts_and_how_many_say_so(
    dark_mode, outside, cy, mo, pia, say, client_of
):
    say(cy, outside, dark_mode.medoid)
    say(mo, dark_mode.medoid, outside)
    found = waiting().get()
    assert (found.ask, found.other_ask, found.post) == (dark_mode, None, outside)
    assert found.people_count == 2
    page = client_of(pia).get(f"/desk/proposals/{found.public_id}/").content.decode()
    for words in ("Said to be the same", outside.title, dark_mode.title):
        assert words in page


def test_who_is_new_here_puts_nothing_on_the_desk(dark_mode, outside, person, say):
    say(person("Newt"), outside, dark_mode.medoid)
    assert not waiting().exists()


def test_taken_back_it_goes(dark_mode, outside, cy, say):
    say(cy, outside, dark_mode.medoid)
    say(cy, outside, dark_mode.medoid, takes_back=True)
    assert Proposal.objects.get(kind="SAME").state == "STALE"
    say(cy, outside, dark_mode.medoid)
    assert waiting().exists()


def test_accepted_the_post_stands_in_the_ask_and_undone_it_waits_again(
    dark_mode, outside, cy, pia, say, client_of
):
    say(cy, outside, dark_mode.medoid)
    found = waiting().get()
    desk = client_of(pia)
    desk.post(f"/desk/proposals/{found.public_id}/", {"do": "confirm"})
    assert Membership.objects.get(post=outside).ask == dark_mode
    found.refresh_from_db()
    assert found.state == "ACCEPTED"
    desk.post(f"/desk/decisions/{found.decision.public_id}/undo/")
    assert not Membership.objects.filter(post=outside).exists()
    assert waiting().get() == found


def test_dismissed_the_two_stay_apart_and_it_is_not_proposed_again(
    dark_mode, outside, cy, mo, pia, say, client_of
):
    say(cy, outside, dark_mode.medoid)
    found = waiting().get()
    client_of(pia).post(f"/desk/proposals/{found.public_id}/", {"do": "reject"})
    assert Bond.objects.get(kind="APART").decision.actor == pia
    say(mo, outside, dark_mode.medoid)
    assert not waiting().exists()


def test_of_two_asks_the_post_of_the_smaller_would_move(dark_mode, outside, make_ask, cy, say):
    small = make_ask(outside)
    say(cy, outside, dark_mode.medoid)
    found = waiting().get()
    assert (found.ask, found.other_ask, found.post) == (dark_mode, small, outside)


def test_of_two_in_one_ask_or_in_none_nothing_is_asked(dark_mode, publish, ann, bo, cy, say):
    one, other = publish(ann, "Louder"), publish(bo, "More volume")
    say(cy, one, other)
    assert not waiting().exists()
    now = clock.now()
    Membership.objects.create(post=one, ask=dark_mode, source="MACHINE", placed_at=now)
    say(cy, one, dark_mode.medoid)
    assert not waiting().exists()


def test_the_page_of_the_ask_names_it_and_no_hidden_post(
    dark_mode, outside, cy, pia, say, client, client_of
):
    say(cy, outside, dark_mode.medoid)
    near = f"/desk/asks/{dark_mode.public_id}/near/"
    pages = [(client, f"/asks/{dark_mode.public_id}/"), (client_of(pia), near)]
    for reader, address in pages:
        page = reader.get(address).content.decode()
        assert "Members say these ask the same" in page
        assert outside.title in page
    Post.objects.filter(pk=outside.pk).update(state="HIDDEN")
    for reader, address in pages:
        assert outside.title not in reader.get(address).content.decode()


def test_two_in_no_ask_stand_with_what_is_set_aside_and_become_one(
    publish, ann, bo, cy, pia, say, client_of
):
    one, other = publish(ann, "Louder"), publish(bo, "Sound too soft")
    third = publish(bo, "Turn it up")
    say(cy, one, other)
    say(cy, one, third)
    desk = client_of(pia)
    assert "2 pairs of posts in no ask" in desk.get("/desk/").content.decode()
    page = desk.get("/desk/too-little/").content.decode()
    assert page.count("1 person says so") == 2 and other.title in page
    group = f"/desk/posts/{one.public_id}/group/"
    assert "they come along" in desk.get(group).content.decode()
    desk.post(group, {"title": "More volume", "along": [other.public_id, "nothing"]})
    held = Membership.objects.filter(ask__title="More volume").values_list("post", flat=True)
    assert set(held) == {one.pk, other.pk}
    assert "In no ask" not in desk.get("/desk/too-little/").content.decode()
