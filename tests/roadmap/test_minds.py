"""What would change our mind, what only the team reads, and two people who change the same words."""

import datetime as dt

import pytest

from feedback.forum.votes.operations import vote
from feedback.kernel.refusals import Refusal
from feedback.measure.alerts.operations import raise_alerts
from feedback.measure.models import Alert
from feedback.roadmap import minds, operations
from feedback.roadmap.minds import watch_minds
from feedback.roadmap.models import Item


@pytest.fixture
def declined(item, pia, now):
    """Ann and Bo want it; three people would change our mind."""
    return operations.move(
        item=item, stage="DECLINED", reason="Too dear.", mind_people=3, actor=pia, now=now
    )


def test_everyone_reads_what_would_change_our_mind(client, declined):
    page = client.get(f"/roadmap/{declined.public_id}/").content.decode()
    assert "We will look again when 3 people want it. Now it is 2." in page


def test_the_team_is_told_once_when_it_comes_true(declined, dark_mode, mo, pia, client_of, now):
    assert watch_minds(now=now) == 0
    vote(post=dark_mode.medoid, person=mo, now=now)
    assert [watch_minds(now=now) for _again in range(2)] == [1, 0]
    alert = Alert.objects.get()
    assert (alert.kind, alert.people_count) == ("MIND", 3)
    page = client_of(pia).get("/desk/trends/").content.decode()
    assert "3 people want it by now" in page
    assert f"/roadmap/{declined.public_id}/" in page
    raise_alerts(product=declined.product, now=now)
    assert Alert.objects.get().ended_at is None, "what grows is another matter"


def test_a_worker_killed_in_between_tells_nobody_twice(declined, dark_mode, mo, now):
    vote(post=dark_mode.medoid, person=mo, now=now)
    watch_minds(now=now)
    Item.objects.update(mind_reached_at=None)
    assert watch_minds(now=now) == 0
    assert Alert.objects.count() == 1


def test_what_is_declined_again_meanwhile_is_watched_again(
    declined, dark_mode, mo, pia, now, monkeypatch
):
    vote(post=dark_mode.medoid, person=mo, now=now)
    later = now + dt.timedelta(hours=1)
    raised = minds.raise_mind

    def decline_again(**alert):
        by = {"actor": pia, "now": later}
        operations.move(item=declined, stage="PLANNED", **by)
        operations.move(item=declined, stage="DECLINED", reason="No.", mind_people=3, **by)
        return raised(**alert)

    monkeypatch.setattr(minds, "raise_mind", decline_again)
    watch_minds(now=later)
    assert Item.objects.get().mind_reached_at is None


def test_a_number_beyond_what_the_table_holds_is_no_number(client_of, item, pia):
    response = client_of(pia).post(
        f"/roadmap/{item.public_id}/move/",
        {"move-stage": "DECLINED", "move-reason": "No.", "move-mind_votes": "9" * 12},
    )
    assert response.status_code == 422


def test_enough_votes_change_our_mind_too(item, dark_mode, pia, now):
    operations.move(item=item, stage="DECLINED", reason="No.", mind_votes=2, actor=pia, now=now)
    assert watch_minds(now=now) == 1


def test_whoever_changes_their_mind_ends_the_alert(declined, dark_mode, mo, pia, now):
    vote(post=dark_mode.medoid, person=mo, now=now)
    watch_minds(now=now)
    item = operations.move(item=declined, stage="PLANNED", actor=pia, now=now)
    assert (item.mind_people, Alert.objects.get().ended_at) == (None, now)


def test_a_refusal_from_the_page_may_say_what_would_change_it(client_of, item, pia):
    client_of(pia).post(
        f"/roadmap/{item.public_id}/move/",
        {"move-stage": "DECLINED", "move-reason": "No.", "move-mind_people": "500"},
    )
    item.refresh_from_db()
    assert (item.mind_people, item.mind_votes) == (500, None)


def test_only_the_team_reads_private_notes(client, client_of, item, pia, mo, ann):
    client_of(pia).post(
        f"/roadmap/{item.public_id}/private/",
        {
            "private-private_notes": "Blocked by legal.",
            "private-owner": mo.pk,
            "private-confidence": "LOW",
        },
    )
    item.refresh_from_db()
    assert (item.owner, item.confidence) == (mo, "LOW")
    address = f"/roadmap/{item.public_id}/"
    assert "Blocked by legal." in client_of(pia).get(address).content.decode()
    for reader in (client, client_of(ann)):
        assert "Blocked by legal." not in reader.get(address).content.decode()


def test_somebody_outside_the_team_owns_nothing(item, ann, pia, now):
    with pytest.raises(Refusal):
        operations.note_privately(
            item=item, private_notes="", owner=ann, confidence="", actor=pia, now=now
        )


def test_a_stale_edit_of_an_item_shows_both_texts(client_of, item, pia, ada):
    first, second = client_of(pia), client_of(ada)
    address = f"/roadmap/{item.public_id}/"
    seen = first.get(address).context["edit_form"].initial["seen"]
    for client, title in ((first, "Night theme"), (second, "Black theme")):
        response = client.post(
            f"{address}edit/", {"edit-title": title, "edit-summary": "", "edit-seen": seen}
        )
    assert response.status_code == 409
    page = response.content.decode()
    assert "Night theme" in page
    assert "Black theme" in page
    item.refresh_from_db()
    assert item.title == "Night theme"
    seen = response.context["edit_form"]["seen"].value()
    second.post(
        f"{address}edit/", {"edit-title": "Black theme", "edit-summary": "", "edit-seen": seen}
    )
    item.refresh_from_db()
    assert item.title == "Black theme"
