"""An analyst reads what the team reads and changes nothing there; on the forum they are a member."""

READ = [
    "/desk/", "/desk/asks/", "/desk/areas/", "/desk/trends/", "/desk/quality/", "/desk/tuesday/",
    "/desk/briefs/", "/desk/decisions/", "/desk/moderation/", "/desk/moderation/words/",
    "/desk/moderation/rules/", "/desk/moderation/log/", "/desk/moderation/log.csv",
    "/desk/boards/", "/desk/questions/",
]  # fmt: skip


def test_they_read_every_page_and_nothing_on_it_writes(una, world, client_of):
    """What stands around every page is not looked at: one's own account."""
    client, writing = client_of(una), []
    for address in READ:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if not address.endswith(".csv"):
            main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
            forms = [part.partition("</form>")[0] for part in main.split("<form")[1:]]
            writing += [
                (address, form)
                for form in forms
                if 'method="post"' in form.partition(">")[0] and "<button" in form
            ]
    assert not writing


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
