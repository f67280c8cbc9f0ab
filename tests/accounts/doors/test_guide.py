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


def comes_in(client, link, *, name="Cléo 小明"):
    address = urlsplit(link)
    assert (f"{address.scheme}://{address.netloc}", address.path) == (
        settings.BASE_URL,
        "/hand-over/",
    )
    assert gone_on(client, parse_qs(address.query)["token"][0]).status_code == 302
    assert who(client) == name
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


#: What the method of the guide stands in.
_JAVA = """
import static java.nio.charset.StandardCharsets.UTF_8;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.*;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Link {
    record User(String id, String name, String email) {}
    %s
    public static void main(String[] said) throws Exception {
        System.out.print(linkToForum(new User("42", said[0], "cleo@acme.example"), said[1], said[2], said[3]));
    }
}
"""


@pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java here")
def test_the_java(client, ada, tmp_path, now):
    app, file = Product(ada), tmp_path / "Link.java"
    at = f"Instant.ofEpochSecond({int(now.timestamp())}L)"
    file.write_text(_JAVA % code_in("java").replace("Instant.now()", at), "utf-8")
    said = [r'Cléo 小明 "\" ', app.key.secret, app.key.public_id, settings.BASE_URL]
    run = ["java", "-Dfile.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8", file, *said]
    made = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    comes_in(client, made.stdout.strip(), name=r'Cléo 小明 "\"')


def test_no_language_needs_more_than_a_dozen_lines():
    assert all(len(code_in(one).splitlines()) <= 12 for one in ("python", "javascript", "java"))
