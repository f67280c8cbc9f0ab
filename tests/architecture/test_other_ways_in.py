"""The pages of passkeys, second steps and accounts elsewhere answer everybody."""

from django.urls import get_resolver, reverse

from tests.architecture.addresses_of_doors import PROVIDERS
from tests.architecture.test_addresses import ROLES, names


def test_the_pages_of_other_ways_in_answer(world, client_of):
    """Nobody has a second step, or an account elsewhere."""
    pages = [name for name in names(get_resolver()) if name.startswith(("socialaccount_", "mfa_"))]
    assert len(pages) >= 12
    for role in ROLES:
        client = client_of(getattr(world, role, None))
        for name in pages:
            about = {"pk": 7} if name in ("mfa_edit_webauthn", "mfa_remove_webauthn") else {}
            answer = client.get(reverse(name, kwargs=about))
            assert answer.status_code in (200, 302, 401, 404), (role, name)


def test_a_provider_that_is_not_set_up_is_not_there(db, client):
    for name in names(get_resolver()):
        if name.startswith(PROVIDERS):
            about = {"provider_id": "acme"} if name.startswith("openid") else {}
            assert client.get(reverse(name, kwargs=about)).status_code == 404, name
