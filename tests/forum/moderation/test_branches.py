"""A branch of invitations is seen by the team, and cut at once."""

import pytest
from zeal import zeal_ignore

from feedback.accounts.joining.models import Invited
from feedback.accounts.joining.operations import invite
from feedback.accounts.joining.queries import branch_of
from feedback.accounts.models import User
from feedback.forum.models import Ruling
from feedback.forum.moderation.branch import cut_branch
from feedback.forum.moderation.deciding import Said
from feedback.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(person, mo, now):
    """Eve was invited by Mo; she brought Fay and Gil, and Fay brought Hal."""

    def brought(by, name):
        came = person(name)
        invitation = invite(person=mo, now=now)
        invitation.made_by = by
        invitation.save()
        Invited.objects.create(person=came, invitation=invitation, came_at=now)
        return came

    eve = brought(mo, "Eve")
    fay = brought(eve, "Fay")
    return {"eve": eve, "fay": fay, "gil": brought(eve, "Gil"), "hal": brought(fay, "Hal")}


def suspended():
    return set(User.objects.exclude(suspended_until=None).values_list("display_name", flat=True))


def test_the_team_sees_who_came_by_whom_and_nobody_else_does(client_of, tree, mo, bo):
    assert [(twig.person.name, twig.by.name, twig.depth) for twig in branch_of(tree["eve"])] == [
        ("Fay", "Eve", 1), ("Hal", "Fay", 2), ("Gil", "Eve", 1),
    ]  # fmt: skip
    page = client_of(mo).get(f"/desk/doors/branch/{tree['eve'].public_id}/").content.decode()
    assert all(name in page for name in ("Fay", "Gil", "Hal", "Invited by Mo"))
    profile = f"/people/{tree['eve'].public_id}/"
    assert "Brought 2 people" in client_of(mo).get(profile).content.decode()
    assert "Brought" not in client_of(bo).get(profile).content.decode()


def test_it_is_cut_at_once_and_comes_back_at_once(client_of, tree, mo, rule):
    client = client_of(mo)
    where = f"/desk/doors/branch/{tree['eve'].public_id}/"
    said = {"action": "SUSPEND", "days": "30", "rule": rule.slug, "word": "", "with_root": "on"}
    with zeal_ignore():  # each case is one transaction
        page = client.post(where, said, follow=True).content.decode()
    assert "4 people: Suspend" in page
    assert suspended() == {"Eve", "Fay", "Gil", "Hal"}
    assert len(set(Ruling.objects.values_list("together", flat=True))) == 1
    with zeal_ignore():
        client.post(f"/desk/moderation/decisions/{Ruling.objects.first().public_id}/undo/")
    assert suspended() == set()


def test_below_a_twig_alone_and_never_the_team(tree, mo, rule, now):
    User.objects.filter(pk=tree["gil"].pk).update(role="MODERATOR")
    said = Said(action="BAN", rule=rule)
    cut_branch(person=tree["fay"], said=said, with_root=False, actor=mo, now=now)
    assert suspended() == {"Hal"}
    cut_branch(person=tree["eve"], said=said, with_root=False, actor=mo, now=now)
    assert suspended() == {"Fay", "Hal"}


def test_nothing_is_half_done(tree, mo, rule, now):
    for said in (
        Said(action="SUSPEND", rule=rule),
        Said(action="BAN"),
        Said(action="HIDE", rule=rule),
    ):
        with pytest.raises(Refusal):
            cut_branch(person=tree["eve"], said=said, with_root=False, actor=mo, now=now)
    with pytest.raises(Refusal):
        cut_branch(
            person=tree["hal"],
            said=Said(action="BAN", rule=rule),
            with_root=False,
            actor=mo,
            now=now,
        )
    assert suspended() == set()
