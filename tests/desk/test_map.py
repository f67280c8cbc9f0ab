"""The map on the desk, over HTTP."""

import json
import struct

import numpy as np
import pytest

from feedback.asks.models import Ask, Decision
from feedback.forum.models import Post
from feedback.grouping.models import Picture
from feedback.grouping.picture.operations import draw_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(grouped, now):
    """The map of what was grouped."""
    assert draw_due(now=now) == 1
    return Picture.objects.get()


def points(client):
    """Return what the map holds, by public id: where, of which ask, for how many."""
    data = client.get("/desk/map/points/").content
    (length,) = struct.unpack_from("<I", data)
    head = json.loads(data[4 : 4 + length])
    count, at = head["posts"], 4 + length
    places = np.frombuffer(data, "<f4", 2 * count, at).reshape(-1, 2)
    asks, _, people = np.frombuffer(data, "<u4", 3 * count, at + 8 * count).reshape(3, -1)
    names = data[at + 20 * count :].decode()
    assert len(names) == 11 * count
    return head, {
        names[11 * row : 11 * row + 11]: (places[row].tolist(), int(asks[row]), int(people[row]))
        for row in range(count)
    }


def test_every_grouped_post_stands_on_the_map_beside_those_of_its_ask(drawn, grouped, desk, ask_of):
    head, found = points(desk)
    assert set(found) == set(Post.objects.values_list("public_id", flat=True))
    post = grouped["dark"][0]
    _, ask, people = found[post.public_id]
    assert head["asks"][ask - 1]["id"] == ask_of(post).public_id
    assert people == max(1, post.vote_count)


def test_a_second_look_draws_nothing_and_another_run_moves_no_ask(drawn, now):
    assert draw_due(now=now) == 0
    Picture.objects.update(run_number=0)
    assert draw_due(now=now) == 1
    assert Picture.objects.get().asks == drawn.asks


@pytest.mark.parametrize("state", [Post.State.HIDDEN, Post.State.HELD, Post.State.INSIDE])
def test_what_not_everybody_may_read_leaves_the_map_at_once(drawn, grouped, desk, state):
    post = grouped["dark"][0]
    Post.objects.filter(pk=post.pk).update(state=state)
    _, found = points(desk)
    assert post.public_id not in found
    assert desk.get("/desk/map/card/", {"post": post.public_id}).status_code == 204
    assert post.public_id not in desk.get("/desk/map/search/", {"q": post.title}).json()["posts"]
    answer = desk.post("/desk/map/chosen/", {"posts": post.public_id}, follow=True)
    assert "Draw a line around some posts first." in answer.content.decode()


def test_a_post_that_came_since_stands_with_its_ask(drawn, grouped, desk):
    post = grouped["dark"][0]
    kept = bytes(drawn.spots)
    count = len(kept) // 16
    keys = np.frombuffer(kept, "<i8", count)
    places = np.frombuffer(kept, "<f4", offset=8 * count).reshape(-1, 2)
    left = keys != post.pk
    Picture.objects.update(spots=keys[left].tobytes() + places[left].tobytes())
    _, found = points(desk)
    assert found[post.public_id][0] == pytest.approx(drawn.asks[str(post.membership.ask_id)])


def test_the_page_says_the_same_as_a_table_and_a_card_and_a_search_answer(
    drawn, grouped, desk, ask_of
):
    page = desk.get("/desk/map/").content.decode()
    post = grouped["dark"][0]
    assert f"/desk/asks/{ask_of(post).public_id}/" in page
    card = desk.get("/desk/map/card/", {"post": post.public_id}).content.decode()
    assert post.title in card
    assert post.public_id in desk.get("/desk/map/search/", {"q": post.title}).json()["posts"]


def test_before_the_first_run_the_page_says_when_it_comes(desk, product):
    page = desk.get("/desk/map/").content.decode()
    assert "No map yet" in page
    assert "vendor" not in page
    assert points(desk) == ({"posts": 0, "asks": []}, {})


def test_what_is_drawn_around_is_split_off_or_made_an_ask(drawn, grouped, desk, ask_of):
    inside, loose = grouped["dark"][0], grouped["crash"][0]
    loose.membership.delete()
    both = f"{inside.public_id},{loose.public_id}"
    page = desk.post("/desk/map/chosen/", {"posts": both}).content.decode()
    assert f'action="/desk/asks/{ask_of(inside).public_id}/split/"' in page
    assert 'action="/desk/map/start/"' in page
    answer = desk.post("/desk/map/start/", {"posts": both, "title": "No more crashes"})
    ask = Ask.objects.get(title="No more crashes")
    assert answer["Location"] == f"/desk/asks/{ask.public_id}/"
    assert [one.post for one in ask.memberships.all()] == [loose]
    assert Decision.objects.filter(ask=ask).exists()


def test_a_line_around_too_much_is_refused(drawn, desk):
    wanted = ",".join(f"{number:011}" for number in range(401))
    for way, more in [("chosen", {}), ("start", {"title": "All"})]:
        answer = desk.post(f"/desk/map/{way}/", {"posts": wanted} | more, follow=True)
        assert "At most 400 posts at once." in answer.content.decode()
