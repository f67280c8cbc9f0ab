"""What is no identifier is no address, and never reaches the database."""

import pytest

from feedback.kernel.public_ids import new_public_id

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/asks/%00/",
        "/asks/2345%006789ab/",
        "/roadmap/%00/",
        "/releases/%00/",
        "/releases/1.0%00/",
        "/posts/%00/",
        "/people/%00/",
        "/boards/%00/",
        "/desk/asks/%00/",
        "/desk/proposals/%00/",
    ],
)
def test_a_nul_in_an_address_is_not_found(path, client):
    client.raise_request_exception = False
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/asks/short/", "/asks/UPPERCASE11/", "/posts/longer-than-eleven/"]
)
def test_what_has_not_the_form_of_an_identifier_is_not_looked_up(
    path, client, django_assert_num_queries
):
    client.get("/nothing/here/")  # what a process reads once in a while: how the site looks
    # Whether the site is private, the products in the head of the page, and whether another tool had something at this address.
    with django_assert_num_queries(3) as queries:
        assert client.get(path).status_code == 404
    asked = [query["sql"] for query in queries.captured_queries]
    assert any("forum_product" in sql for sql in asked)
    assert any("forum_oldaddress" in sql for sql in asked)


def test_an_identifier_leads_to_its_post(client, ann, publish):
    post = publish(ann)
    assert client.get(f"/posts/{post.public_id}/").status_code == 200
    assert client.get(f"/posts/{new_public_id()}/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/search/?q=%00",
        "/search/?q=dark%00mode",
        "/posts/new/?board=%00&title=%00",
        "/posts/similar/?title=dark%00mode",
    ],
)
def test_a_nul_in_a_query_is_left_out(path, client, board):
    client.raise_request_exception = False
    assert client.get(path).status_code == 200


def test_a_nul_in_the_name_of_a_board_is_no_board(client_of, ann, board):
    client = client_of(ann)
    client.raise_request_exception = False
    answer = client.post(
        "/posts/new/", {"title": "Dark mode", "kind": "BUG", "board": "\x00nowhere"}
    )
    assert answer.status_code == 422


def test_a_nul_in_what_the_desk_looks_for_is_left_out(client_of, pia, dark_mode):
    client = client_of(pia)
    client.raise_request_exception = False
    for page in ("/desk/asks/", f"/desk/asks/{dark_mode.public_id}/join/"):
        assert client.get(page, {"q": "dark\x00"}).status_code == 200
