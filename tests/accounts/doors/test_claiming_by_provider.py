"""Who signs in by GitHub claims what they wrote there; a provider's word on an address counts like a mail."""

import pytest
from allauth.socialaccount.models import SocialAccount

from feedback.accounts.models import Claim, User
from feedback.forum.models import Post
from tests.accounts.imported import author, bring_posts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ghost(board):
    """The author of an issue that was brought from GitHub."""
    bring_posts(board, ("Ann-GH", "ann@old.example"))
    ghost = author("Ann-GH")
    User.objects.filter(pk=ghost.pk).update(origin_key="github:Ann-GH")
    ghost.refresh_from_db()
    return ghost


def signed_in_by(person, **told):
    known = {"login": "ann-gh", "created_at": "2015-01-01T00:00:00Z"} | told
    return SocialAccount.objects.create(user=person, provider="github", uid="7", extra_data=known)


def claims(client, ghost):
    client.post("/claim/", {"author": ghost.public_id})
    return Claim.objects.filter(author=ghost, undone_at=None).exists()


def test_the_same_name_at_the_same_provider_proves_it(client_of, ann, ghost):
    client = client_of(ann)
    assert not claims(client, ghost)
    signed_in_by(ann)
    assert "Ann-GH" in client.get("/claim/").content.decode()
    assert claims(client, ghost)
    assert Claim.objects.get().proof == "PROVIDER" and Post.objects.get().author == ann


@pytest.mark.parametrize(
    "told",
    [
        {"login": "ann"},
        {"login": ""},
        {"login": "%"},
        {"login": "ann-gh:"},
        {"created_at": "2027-01-01T00:00:00Z"},  # somebody took a name that had become free
        {"created_at": None},
        {"created_at": "2015"},
    ],
    ids=str,
)
def test_another_name_or_a_younger_account_proves_nothing(client_of, ann, ghost, told):
    signed_in_by(ann, **told)
    assert not claims(client_of(ann), ghost)


def test_the_same_name_at_another_provider_or_import_proves_nothing(client_of, ann, bo, ghost):
    account = signed_in_by(ann)
    SocialAccount.objects.filter(pk=account.pk).update(provider="acme")
    assert not claims(client_of(ann), ghost)
    SocialAccount.objects.filter(pk=account.pk).update(provider="github")
    User.objects.filter(pk=ghost.pk).update(origin_key="reviews:Ann-GH")
    assert not claims(client_of(ann), ghost)
    assert not claims(client_of(bo), ghost)


def test_an_address_that_the_provider_checked_counts_like_a_mail(client_of, ann, ghost):
    signed_in_by(ann, login="somebody", verified_emails=["ann@old.example"])
    assert claims(client_of(ann), ghost)


def test_who_had_it_taken_back_needs_a_code(client_of, ann, pia, ghost):
    signed_in_by(ann)
    client = client_of(ann)
    assert claims(client, ghost)
    client_of(pia).post(f"/claim/{Claim.objects.get().public_id}/undo/")
    assert not claims(client, ghost)
