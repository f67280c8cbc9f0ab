"""An analyst reads what the team reads and changes nothing there; on the forum they are a member."""

import pytest

READ = [
    "/desk/", "/desk/asks/", "/desk/areas/", "/desk/trends/", "/desk/quality/", "/desk/tuesday/",
    "/desk/briefs/", "/desk/decisions/", "/desk/moderation/", "/desk/moderation/words/",
    "/desk/moderation/rules/", "/desk/moderation/log.csv", "/desk/boards/", "/desk/questions/",
]  # fmt: skip


@pytest.mark.parametrize("page", READ)
def test_they_read_it_and_nothing_on_it_writes(page, una, world, client_of):
    """The one form for all is the product that they look at, and what stands around every page."""
    answer = client_of(una).get(page)
    assert answer.status_code == 200
    if page.endswith(".csv"):
        return
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    writing = [
        part.partition(">")[0]
        for part in main.split("<form")[1:]
        if 'method="post"' in part.partition(">")[0]
    ]
    assert not writing, writing


def test_a_case_is_read_without_its_buttons(una, ann, bo, publish, reported, client_of):
    case = reported(publish(ann, "Cheap hats"), bo)
    page = client_of(una).get(f"/desk/moderation/{case.public_id}/").content.decode()
    assert "Cheap hats" in page and 'name="do"' not in page
    assert (
        client_of(una).post(f"/desk/moderation/{case.public_id}/", {"do": "KEEP"}).status_code
        == 403
    )


def test_under_a_post_they_are_a_member(una, ann, publish, client_of):
    post = publish(ann)
    address = f"/posts/{post.public_id}/"
    page = client_of(una).get(address).content.decode()
    assert f"{address}hide/" not in page and "is_internal" not in page
    assert client_of(una).post(f"{address}hide/").status_code == 403
    assert client_of(una).post(f"{address}comments/", {"body": "Me too."}).status_code == 302
    said = {"body": "From the team.", "is_official": "on"}
    client_of(una).post(f"{address}comments/", said)
    assert not post.comments.filter(is_official=True).exists()
