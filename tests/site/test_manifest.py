"""What the site is to a home screen."""

import pytest
from django.contrib.staticfiles import finders
from PIL import Image


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_a_home_screen_gets_name_icons_and_the_sites_language(client, db, settings, language, tag):
    settings.SITE_NAME, settings.LANGUAGE_CODE = "听见", language
    page = client.get("/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    answer = client.get("/manifest.webmanifest", headers={"accept-language": "fr"})
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["name"], said["lang"], said["display"]) == ("听见", tag, "standalone")
    assert ("Posts" in said["description"]) == (language == "en")
    assert client.get(said["start_url"]).status_code == 200
    for icon in said["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert {icon.get("purpose") for icon in said["icons"]} == {None, "maskable"}
