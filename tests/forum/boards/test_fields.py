"""A board asks for more than a title and details: fields of its own, and a template to begin with."""

import json

import pytest
from django.core.management import call_command
from django.utils import translation
from zeal import zeal_ignore

from feedback.forum.board_fields.operations import add_field, set_templates
from feedback.forum.models import Draft, Field, Post, Template
from feedback.kernel.refusals import Refusal
from tests.roadmap.test_at_once import at_once

pytestmark = pytest.mark.django_db
STEPS = "1. I did\n2. It said"
BUG = {"title": "It stops", "kind": "BUG", "board": "suggestions", "body": "Every night."}


@pytest.fixture
def ask_for(board, pia, now):
    """Have the board ask for something: ``ask_for("device", need="WANTED")``."""

    def add(key, **said):
        said = {"label": key.title(), "type": "LINE"} | said
        return add_field(board=board, key=key, actor=pia, now=now, **said)

    return add


@pytest.fixture
def asking(ask_for):
    """A board that asks of bugs for a device and how often, and of all for a plan."""
    often = "Always | 总是\nSometimes | 有时"
    ask_for(
        "device", label_zh="机型", type="DEVICE", need="WANTED", kind="BUG", hint="As the box says"
    )
    ask_for("often", label="How often", type="CHOICE", choices=often, kind="BUG", need="REQUIRED")
    ask_for("seats", type="NUMBER")


def compose(client, **said):
    return client.post("/posts/new/", BUG | said)


def test_compose_shows_the_fields_of_the_board_and_keeps_what_is_said(
    client, client_of, ann, asking
):
    page = client_of(ann).get("/posts/new/?board=suggestions").content.decode()
    assert 'name="field-seats"' in page
    assert 'name="field-device"' not in page  # asked of bugs alone
    said = {"field-device": "Pixel 9", "field-often": "Sometimes", "field-seats": "12"}
    assert compose(client_of(ann), **said).status_code == 302
    post = Post.objects.get()
    assert post.fields == {"device": "Pixel 9", "often": "Sometimes", "seats": 12}
    page = client.get(f"/posts/{post.public_id}/").content.decode()
    assert "How often" in page
    with translation.override("zh-hans"):
        page = client.get(
            f"/posts/{post.public_id}/", HTTP_ACCEPT_LANGUAGE="zh-hans"
        ).content.decode()
    assert "机型" in page
    assert "有时" in page


def test_the_fields_follow_the_chosen_board_and_kind(client, ann, asking):
    address = "/posts/fields/"
    page = client.post(address, BUG | {"field-device": "Pixel 9"}).content.decode()
    assert 'value="Pixel 9"' in page
    assert "As the box says" in page
    assert 'name="field-often"' in page
    assert (
        'name="field-often"' not in client.post(address, BUG | {"kind": "PRAISE"}).content.decode()
    )
    assert "field-" not in client.post(address, BUG | {"board": "no-such"}).content.decode()


def test_only_what_is_required_holds_a_post_up(client_of, ann, asking):
    answer = compose(client_of(ann))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This board needs to know it." in page
    assert "Every night." in page
    assert compose(client_of(ann), **{"field-often": "Always"}).status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"field-often": "Never"}, {"field-seats": "many"}, {"field-seats": "inf"}]
)
def test_what_does_not_fit_is_said_beside_the_field(client_of, ann, asking, wrong):
    said = {"field-often": "Always"} | wrong
    assert compose(client_of(ann), **said).status_code == 422
    assert not Post.objects.exists()


def test_what_is_missing_is_said_kindly_before_and_after(client, client_of, ann, bo, asking):
    hint = client.post(
        "/posts/fields/?part=lacking", BUG | {"field-often": "Always"}
    ).content.decode()
    assert "Device" in hint
    assert "You may post without." in hint
    compose(client_of(ann), **{"field-often": "Always"})
    post = Post.objects.get()
    address = f"/posts/{post.public_id}/"
    assert "It would help the team to know: Device." in client_of(ann).get(address).content.decode()
    assert "It would help" not in client_of(bo).get(address).content.decode()
    said = {"title": post.title, "kind": "BUG", "body": post.body, "field-device": "Pixel 9"}
    client_of(ann).post(f"{address}edit/", said | {"field-often": "Always"})
    assert "It would help" not in client_of(ann).get(address).content.decode()


def test_an_edit_leaves_what_an_import_brought(client_of, ann, asking, publish):
    post = publish(ann, kind="BUG", fields={"Gerät": "alt", "device": "Pixel 8"})
    page = client_of(ann).get(f"/posts/{post.public_id}/edit/").content.decode()
    assert 'value="Pixel 8"' in page
    said = {"title": post.title, "kind": "BUG", "field-device": "", "field-often": "Always"}
    client_of(ann).post(f"/posts/{post.public_id}/edit/", said)
    post.refresh_from_db()
    assert post.fields == {"Gerät": "alt", "often": "Always"}
    assert "Gerät" in client_of(ann).get(f"/posts/{post.public_id}/").content.decode()


def test_drafts_keep_them(client_of, ann, asking):
    said = BUG | {"field-device": "Pixel 9", "draft": "23456789abc", "seen": ""}
    client_of(ann).post("/posts/draft/", said)
    assert Draft.objects.get().words["field-device"] == "Pixel 9"
    assert 'value="Pixel 9"' in client_of(ann).get("/posts/new/").content.decode()


def test_they_wait_for_a_visitor_to_sign_in(client_of, ann, asking):
    client = client_of(None)
    said = {"field-device": "Pixel 9", "field-often": "Always", "field-seats": "1.5"}
    to = compose(client, **said)["Location"]
    with zeal_ignore():
        client.post(to, {"login": ann.email, "password": "a long password"}, follow=True)
    assert Post.objects.get().fields == {"device": "Pixel 9", "often": "Always", "seats": 1.5}


def test_the_preview_works_with_them(client_of, ann, asking):
    answer = compose(client_of(ann), preview="1", **{"field-device": "Pixel 9"})
    assert answer.status_code == 200
    assert 'value="Pixel 9"' in answer.content.decode()


def test_the_details_begin_with_the_template_of_the_kind(client, client_of, ann, pia, board, now):
    templates = {"": ("Why do you need it?", "为什么需要它？"), "BUG": (STEPS, "")}
    set_templates(board=board, templates=templates, actor=pia, now=now)
    page = client_of(ann).get("/posts/new/?board=suggestions").content.decode()
    assert "Why do you need it?</textarea>" in page
    fields = client.post("/posts/fields/", BUG).content.decode()
    assert f'data-template="{STEPS}"' in fields
    hint = client.post("/posts/fields/?part=lacking", BUG | {"body": STEPS}).content.decode()
    assert "the details" in hint


def test_a_template_in_which_nobody_wrote_is_no_details(client_of, ann, pia, board, now):
    set_templates(board=board, templates={"": (STEPS, "")}, actor=pia, now=now)
    compose(client_of(ann), body=STEPS.replace("\n", "\r\n"))
    assert Post.objects.get().body == ""


def test_exports_carry_them(client_of, ann, asking, tmp_path):
    compose(client_of(ann), **{"field-device": "Pixel 9", "field-often": "Always"})
    call_command("export_posts", "--output", str(tmp_path / "posts.jsonl"), verbosity=0)
    row = json.loads((tmp_path / "posts.jsonl").read_text())
    assert row["fields"] == {"device": "Pixel 9", "often": "Always"}


# --- On the desk ------------------------------------------------------------------------------------------
FIELD = {
    "key": "device",
    "label": "Device",
    "label_zh": "机型",
    "type": "DEVICE",
    "need": "WANTED",
    "position": 10,
}


def test_the_desk_makes_changes_and_removes_a_field(client_of, pia, board):
    desk, pages = client_of(pia), f"/desk/boards/{board.slug}/fields/"
    assert desk.post(f"{pages}new/", FIELD)["Location"] == pages
    assert "Device" in desk.get(pages).content.decode()
    assert desk.post(f"{pages}new/", FIELD).status_code == 422
    changed = FIELD | {"label": "Phone", "type": "CHOICE"}
    assert desk.post(f"{pages}of/device/", changed).status_code == 422  # nothing to choose
    assert desk.post(f"{pages}of/device/", changed | {"choices": "A\nB"}).status_code == 302
    assert Field.objects.get().options == [("A", "A"), ("B", "B")]
    desk.post(f"{pages}of/device/remove/")
    assert not Field.objects.exists()


def test_the_desk_says_what_the_details_begin_with(client_of, pia, board):
    pages = f"/desk/boards/{board.slug}/fields/"
    client_of(pia).post(pages, {"text-BUG": STEPS, "text_zh-BUG": "步骤"})
    found = Template.objects.get()
    assert (found.kind, found.text, found.text_zh) == ("BUG", STEPS, "步骤")
    client_of(pia).post(pages, {"text-BUG": ""})
    assert not Template.objects.exists()


def test_a_board_asks_for_twelve_things_at_most(ask_for):
    for number in range(12):
        ask_for(f"key-{number}")
    with pytest.raises(Refusal):
        ask_for("one-more")


@pytest.mark.django_db(transaction=True)
def test_of_two_fields_with_one_key_at_once_one_is_made(ask_for):
    outcomes = at_once(*[lambda: ask_for("device") for _ in range(4)])
    assert sum(isinstance(one, Field) for one in outcomes) == 1
    assert Field.objects.count() == 1
