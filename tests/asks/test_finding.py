"""Search finds asks: by title, by the words of their posts, and only what the reader may see."""

from feedback.asks.search import find_asks
from feedback.forum.search import held


def search(client, words):
    return client.get("/search/", {"q": words}).content.decode()


def test_the_title_of_an_ask_finds_it_though_no_post_says_so(client_of, ann, bo, publish, make_ask):
    make_ask(publish(ann, "So many commercials"), publish(bo, "Endless spots"), title="Fewer ads")
    page = search(client_of(None), "Fewer ads")
    assert "<mark>Fewer</mark> <mark>ads</mark></a>" in page
    assert "Nothing found" not in page


def test_the_words_of_its_posts_find_an_ask(client_of, ann, bo, publish, make_ask):
    ask = make_ask(publish(ann, "希望系统增加深色模式"), publish(bo, "Night theme"), title="Dark")
    assert find_asks("深色模式", person=ann) == [ask]
    assert find_asks("没有", person=ann) == []


def test_a_title_stands_before_many_posts(ann, bo, publish, make_ask):
    many = make_ask(publish(ann, "ads in videos"), publish(bo, "videos with ads"), title="Videos")
    titled = make_ask(publish(ann, "commercials"), title="No ads")
    assert find_asks("ads", person=ann) == [titled, many]


def test_a_proposed_ask_is_found_by_the_team_alone(ann, pia, publish, make_ask):
    ask = make_ask(publish(ann, "Dark mode"), state="PROPOSED")
    assert find_asks("dark", person=ann) == []
    assert find_asks("dark", person=pia) == [ask]


def test_at_most_five_asks(client_of, ann, publish, make_ask):
    for number in range(7):
        make_ask(publish(ann, f"Dark mode {number}"))
    page = search(client_of(None), "dark")
    assert page.count("ask-row__title") == 5
    assert page.count("post-row__title") == 7


def test_what_narrows_a_search_is_looked_at_before_the_best_are_taken(
    client_of, ann, publish, make_ask, monkeypatch
):
    monkeypatch.setattr(held, "_KEPT", 2)
    for number in range(4):
        make_ask(publish(ann, f"Words {number}"), title=f"Dark {number}")
    make_ask(publish(ann, "Others"), title="The keyboard in the dark of the night", stage="SHIPPED")
    page = client_of(None).get("/search/", {"q": "dark", "stage": "SHIPPED"}).content.decode()
    assert "The keyboard in the" in page


def test_what_works_without_a_network_is_found_by_its_other_name(client_of, ann, publish):
    publish(ann, "Offline mode, even a dumb one")
    assert "even a dumb one" in search(client_of(None), "离线")
    assert "even a dumb one" in search(client_of(None), "断网")
