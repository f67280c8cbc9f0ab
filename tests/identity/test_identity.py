"""Name, description, colour and logo of the site: said on one page, looked at first, shown everywhere, taken back."""

import io
import os
import re

import pytest
from django.core import mail
from PIL import Image

from feedback.identity import queries
from feedback.identity.logo import sweep
from feedback.identity.models import Look
from feedback.journal.models import Entry
from tests.pictures import flood, sent

pytestmark = pytest.mark.django_db

PAGE = "/desk/identity/"
SAID = {"name": "流明 Lumen", "description": "Say it here.", "description_zh": "说出来。"}


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def desk(client_of, ada):
    return client_of(ada)


def logo(size=(300, 96), colour=(30, 27, 22, 255)):
    """Return a picture with nothing but two bars in the middle of it."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    image.paste(colour, (10, 20, 120, size[1] - 20))
    image.paste(colour, (180, 20, size[0] - 10, size[1] - 20))
    file = io.BytesIO()
    image.save(file, "PNG")
    return sent(file.getvalue(), "logo.png")


def show(desk, **said):
    assert desk.post(PAGE, said).status_code == 302
    assert desk.post(f"{PAGE}show/").status_code == 302


def test_nobody_sees_a_draft_and_everybody_what_is_shown(desk, client, client_of, ann):
    desk.post(PAGE, SAID | {"colour": "#1E6FD9"})
    assert "流明" not in client.get("/").content.decode()
    drawn = desk.get(PAGE).content.decode()
    assert "<title>Name and look · 流明 Lumen</title>" in drawn
    assert "/look/1/1e6fd9.css" in drawn
    assert "/look/1/1e6fd9.css" not in desk.get("/").content.decode()
    desk.post(f"{PAGE}show/")
    for reader in (client, client_of(ann)):
        page = reader.get("/").content.decode()
        assert "流明 Lumen</span>" in page
        assert '<meta property="og:site_name" content="流明 Lumen">' in page
        assert '<meta name="description" content="Say it here.">' in page
        assert "<p>Say it here.</p>" in page
    chinese = client.get("/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "<p>说出来。</p>" in chinese


def test_the_colour_comes_as_a_sheet_that_is_kept_for_ever(desk, client):
    show(desk, colour="#1e6fd9")
    page = client.get("/")
    address = re.search(r'href="(/look/\d+/1e6fd9\.css)"', page.content.decode())[1]
    sheet = client.get(address)
    assert sheet["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet["Content-Type"].startswith("text/css")
    assert "--signal: light-dark(#1e6fd9, #" in sheet.content.decode()
    assert "style-src 'self'" in page["Content-Security-Policy"]
    assert 'style="' not in page.content.decode()
    assert client.get(address.replace("/1/", "/9/"))["Cache-Control"] == "no-cache"
    mark = client.get(address.replace(".css", ".svg"))
    assert 'fill="#1e6fd9"' in mark.content.decode()
    assert f'href="{address.replace(".css", ".svg")}"' in page.content.decode()
    # Another colour is another address.
    show(desk, colour="#00735a")
    assert address not in client.get("/").content.decode()


@pytest.mark.parametrize("colour", ["red", "zzzzzz", "1E6FD9", "1e6fd", "1e6fd9x"])
def test_an_address_that_is_no_colour_is_none(client, colour):
    assert client.get(f"/look/1/{colour}.css").status_code == 404


def test_a_colour_that_is_none_is_refused_and_nothing_typed_is_lost(desk):
    answer = desk.post(PAGE, SAID | {"colour": "blue-ish"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "such as #1e6fd9" in page
    assert "blue-ish" in page
    assert "流明 Lumen" in page
    assert not Look.objects.exists()


def test_a_logo_is_written_anew_in_every_size(desk, client, files):
    show(desk, name="Lumen", logo=logo(), logo_is_name="on")
    page = client.get("/").content.decode()
    address = re.search(r'src="(/look/[0-9a-z]{11}/logo\.png)"', page)[1]
    got = client.get(address)
    assert got["Content-Type"] == "image/png"
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with Image.open(io.BytesIO(b"".join(got.streaming_content))) as shown:
        assert shown.size == (320, 64)  # without what nobody sees around it
    assert '<span class="wordmark__name visually-hidden">Lumen</span>' in page
    for icon in client.get("/manifest.webmanifest").json()["icons"]:
        with Image.open(io.BytesIO(b"".join(client.get(icon["src"]).streaming_content))) as one:
            assert "x".join(map(str, one.size)) == icon["sizes"]
    assert address.replace("logo.png", "icon-32.png") in page
    assert client.get(address.replace("logo.png", "other.png")).status_code == 404


def test_a_logo_that_would_be_lost_at_night_gets_a_plate(desk):
    show(desk, logo=logo(colour=(20, 20, 20, 255)))
    assert Look.objects.get(state="SHOWN").plate == "NIGHT"
    show(desk, logo=logo(colour=(250, 250, 250, 255)))
    assert Look.objects.get(state="SHOWN").plate == "DAY"
    show(desk, logo=logo(colour=(230, 60, 60, 255)))
    assert Look.objects.get(state="SHOWN").plate == ""


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "no picture"),
        (flood(), "too many pixels"),
        (b"", "submitted file is empty"),
    ],
)
def test_what_is_no_picture_is_no_logo(desk, raw, sentence):
    answer = desk.post(PAGE, SAID | {"logo": sent(raw, "logo.svg")})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Look.objects.exists()


def test_the_name_is_in_mails_feeds_and_shared_pictures(desk, client, client_of, ann, publish):
    post = publish(ann, "Dark mode")
    before = client.get(f"/posts/{post.public_id}/").content.decode()
    show(desk, **SAID, colour="#1e6fd9")
    feed = client.get("/feeds/posts/").content.decode()
    assert "流明 Lumen</title>" in feed
    assert "<subtitle>Say it here.</subtitle>" in feed
    after = client.get(f"/posts/{post.public_id}/").content.decode()
    picture = re.compile(r'og:image" content="([^"]+)"')
    assert picture.search(before)[1] != picture.search(after)[1]
    client.post("/accounts/login/code/", {"email": ann.email})
    assert "流明 Lumen" in mail.outbox[-1].subject
    assert mail.outbox[-1].from_email.startswith("=?utf-8?")
    invited = {"role": "ANALYST", "place": "site", "mail_to": "una@example.org"}
    desk.post("/desk/rights/offers/", invited)
    assert "流明 Lumen" in mail.outbox[-1].subject
    assert mail.outbox[-1].from_email.startswith("=?utf-8?")


def test_what_was_shown_comes_back_and_so_does_the_first(desk, client):
    show(desk, name="One")
    show(desk, name="Two", colour="#1e6fd9")
    desk.post(f"{PAGE}undo/")
    assert "One</span>" in client.get("/").content.decode()
    desk.post(f"{PAGE}undo/")
    assert "Two</span>" in client.get("/").content.decode()
    desk.post(f"{PAGE}reset/")
    page = client.get("/").content.decode()
    assert "Heed</span>" in page
    assert "/look/" not in page
    desk.post(f"{PAGE}undo/")
    assert "Two</span>" in client.get("/").content.decode()
    told = Entry.objects.filter(verb="identity.identity-changed").order_by("pk")
    assert [one.data["name"] for one in told] == ["One", "Two", "One", "Two", "", "Two"]
    assert Look.objects.filter(state="SHOWN").count() == 1


def test_a_draft_that_is_thrown_away_changes_nothing(desk, client):
    show(desk, name="One")
    desk.post(PAGE, {"name": "Two"})
    desk.post(f"{PAGE}discard/")
    assert not Look.objects.filter(state="DRAFT").exists()
    answer = desk.post(f"{PAGE}show/", follow=True)
    assert "There is nothing to show" in answer.content.decode()
    assert "One</span>" in client.get("/").content.decode()


def test_a_draft_keeps_the_logo_until_it_is_taken_away(desk):
    show(desk, name="One", logo=logo())
    key = Look.objects.get(state="SHOWN").logo
    show(desk, name="Two")
    assert Look.objects.get(state="SHOWN").logo == key
    show(desk, name="Two", no_logo="on")
    assert Look.objects.get(state="SHOWN").logo == ""


def test_another_process_shows_it_within_seconds(desk, client, frozen):
    show(desk, name="One")
    client.get("/")
    Look.objects.filter(state="SHOWN").update(name="Said elsewhere")
    assert "One</span>" in client.get("/").content.decode()
    frozen.shift(6)
    assert "Said elsewhere</span>" in client.get("/").content.decode()


def test_a_page_reads_it_from_memory(desk, client, django_assert_num_queries):
    show(desk, name="One")
    queries.forget()
    with django_assert_num_queries(1):
        queries.shown()
    with django_assert_num_queries(0):
        assert queries.shown().called == "One"


def test_only_administrators_say_it(client_of, pia, mo):
    for person in (pia, mo):
        assert client_of(person).get(PAGE).status_code == 403
        assert client_of(person).post(PAGE, SAID).status_code == 403
        assert client_of(person).post(f"{PAGE}show/").status_code == 403


def test_the_settings_name_stands_until_another_is_said(desk, client, settings):
    settings.SITE_NAME = "Acme"
    assert "Acme</span>" in client.get("/").content.decode()
    show(desk, colour="#1e6fd9")
    assert "Acme</span>" in client.get("/").content.decode()


def test_files_of_logos_that_nobody_shows_go_when_they_are_old(desk, files, now):
    desk.post(PAGE, {"logo": logo()})
    desk.post(PAGE, {"logo": logo(colour=(230, 60, 60, 255))})
    folders = sorted((files / "identity").iterdir())
    assert len(folders) == 2
    assert sweep(now=now) == 0
    for path in files.rglob("*.png"):
        os.utime(path, (0, 0))
    assert sweep(now=now) == 1
    kept = [one for one in folders if any(one.iterdir())]
    assert [one.name for one in kept] == [Look.objects.get(state="DRAFT").logo]
