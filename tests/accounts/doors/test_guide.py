"""The ten lines of the guide open the forum, as they stand there."""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from feedback.accounts.models import ProductAccount
from tests.accounts.doors.product import Product, gone_on, who

pytestmark = pytest.mark.django_db
GUIDE = Path(settings.BASE_DIR, "docs/guide/hand-over.md").read_text(encoding="utf-8")


def code_in(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return found


def comes_in(client, link):
    address = urlsplit(link)
    assert (f"{address.scheme}://{address.netloc}", address.path) == (
        settings.BASE_URL,
        "/hand-over/",
    )
    assert gone_on(client, parse_qs(address.query)["token"][0]).status_code == 302
    assert who(client) == "Cléo 小明"
    said = ProductAccount.objects.get()
    assert (said.subject, said.plan, said.device) == ("42", "Pro", "Xiaomi 14")


def test_the_python(client, ada):
    app, named = Product(ada), {}
    exec(code_in("python"), named)
    user = {"id": 42, "name": "Cléo 小明", "email": "cleo@acme.example"}
    link = named["link_to_forum"](user, app.key.secret, app.key.public_id, settings.BASE_URL)
    comes_in(client, link)


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node here")
def test_the_javascript(client, ada, tmp_path, now):
    app, file = Product(ada), tmp_path / "link.mjs"
    asked = f'{{id: 42, name: "Cléo 小明", email: "cleo@acme.example"}}, "{app.key.secret}", "{app.key.public_id}", "{settings.BASE_URL}"'
    at = f"Date.now = () => {int(now.timestamp())}000;\n"
    file.write_text(f"{at}{code_in('javascript')}\nconsole.log(linkToForum({asked}));\n", "utf-8")
    said = subprocess.run(["node", file], capture_output=True, text=True, check=True, timeout=60)
    comes_in(client, said.stdout.strip())


def test_no_language_needs_more_than_a_dozen_lines():
    assert all(len(code_in(one).splitlines()) <= 12 for one in ("python", "javascript", "java"))
