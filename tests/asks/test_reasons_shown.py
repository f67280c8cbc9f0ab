"""Why a post is in its ask, as pages say it."""

import pytest


@pytest.mark.parametrize(("who", "named"), [("ann", False), ("pia", True)])
def test_the_model_is_named_to_the_team_alone(
    request, client_of, ann, bo, publish, make_ask, who, named
):
    post = publish(ann, "Dark mode")
    ask = make_ask(post, publish(bo, "Night theme"))
    client = client_of(request.getfixturevalue(who))
    for address in (f"/posts/{post.public_id}/", f"/asks/{ask.public_id}/"):
        page = client.get(address).content.decode()
        assert "the machine" in page
        assert ("<code>test</code>" in page) is named
