"""Two of the team change the same of an item, a line or the train: the second sees the first one's beside their own."""

import pytest

from feedback.roadmap.models import ChangelogLine, Release, Train


@pytest.fixture
def two(client_of, ada, pia):
    return client_of(pia), client_of(ada)


def saved_by_two(two, page, to, form, first, second):
    """Have both open ``page``, then send their own; return what the second sees, and the mark that it carries."""
    mine, theirs = two
    seen = form(mine.get(page))["seen"]
    name = seen.html_name
    assert theirs.post(to, first | {name: seen.value()}).status_code == 302
    answer = mine.post(to, second | {name: seen.value()})
    assert answer.status_code == 409
    again = form(answer)["seen"].value()
    assert again != seen.value()
    return answer.content.decode(), {name: again}


def test_what_only_the_team_reads_of_an_item(two, item):
    page, to = f"/roadmap/{item.public_id}/", f"/roadmap/{item.public_id}/private/"
    first, second = ({"private-private_notes": words} for words in ("Theirs", "Mine"))
    shown, again = saved_by_two(
        two, page, to, lambda page: page.context["private_form"], first, second
    )
    assert "Theirs" in shown
    assert "Mine" in shown
    item.refresh_from_db()
    assert item.private_notes == "Theirs"
    assert two[0].post(to, second | again).status_code == 302
    item.refresh_from_db()
    assert item.private_notes == "Mine"


def test_the_usual_week_of_the_train(two, product):
    week = {
        name: value
        for name, value in two[0].get("/train/").context["form"].initial.items()
        if name != "seen"
    }
    first = week | {"framed_by": "https://theirs.example"}
    second = week | {"weeks": 3, "framed_by": "https://mine.example"}
    shown, again = saved_by_two(
        two, "/train/", "/train/", lambda page: page.context["form"], first, second
    )
    assert "https://theirs.example" in shown
    assert "https://mine.example" in shown
    assert Train.objects.get().framed_by == "https://theirs.example"
    assert two[0].post("/train/", second | again).status_code == 302
    assert (Train.objects.get().weeks, Train.objects.get().framed_by) == (
        3,
        "https://mine.example",
    )


def test_a_line_of_the_changelog(two, item, now):
    release = Release.objects.create(product=item.product, version="9.9", release_date=now.date())
    line = ChangelogLine.objects.create(
        release=release, item=item, text="Dark", people_count=0, written_at=now
    )
    page, to = "/releases/9.9/", f"/releases/9.9/line/{item.public_id}/"
    first, second = (
        {f"line{line.pk}-text": words, f"line{line.pk}-category": "NEW"}
        for words in ("Theirs", "Mine")
    )
    shown, again = saved_by_two(
        two, page, to, lambda page: page.context["line_forms"][0][1], first, second
    )
    assert "As it was saved meanwhile" in shown
    assert 'value="Mine"' in shown
    line.refresh_from_db()
    assert line.text == "Theirs"
    assert two[0].post(to, second | again).status_code == 302
    line.refresh_from_db()
    assert line.text == "Mine"
