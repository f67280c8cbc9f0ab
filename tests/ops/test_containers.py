"""The image and compose.yaml: they say the same as the settings, the commands and each other, and compose's own parser takes them."""

import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from tests.ops.test_documented import documented_knobs
from tests.processes import ROOT

IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = {name: one for name, one in SERVICES.items() if name != "database"}
STAY = {"database", "web", "worker", "encoder"}


def test_what_stays_starts_again_and_what_answers_is_asked() -> None:
    assert {name for name, one in SERVICES.items() if one["restart"] == "unless-stopped"} == STAY
    asked = {name for name, one in SERVICES.items() if "healthcheck" in one}
    assert asked == {"database", "web", "encoder"}
    for name in STAY - {"database"}:
        assert "prepare" in SERVICES[name]["depends_on"]


@pytest.mark.parametrize("name", OURS)
def test_every_service_runs_a_command_that_is_there(name: str) -> None:
    python, manage, command, *options = OURS[name]["command"].split()
    assert (python, manage) == ("python", "manage.py")
    parser = load_command_class(get_commands()[command], command).create_parser("x", command)
    parser.parse_args(options)


def test_every_setting_may_stand_in_one_file_and_none_is_misspelt() -> None:
    for one in OURS.values():
        assert one["env_file"] == ".env"
        assert {*one["environment"]} <= documented_knobs()
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT)) - documented_knobs()
    page = (ROOT / "docs" / "ops" / "operating.md").read_text(encoding="utf-8")
    assert all(f"{word}=" in page for word in asked)
    for ignored in (".gitignore", ".dockerignore"):
        assert ".env" in (ROOT / ignored).read_text(encoding="utf-8").splitlines()


def test_the_image_has_what_backups_buckets_and_providers_need() -> None:
    client = re.search(r"postgresql-client-(\d+)", IMAGE)
    server = re.search(r"pgvector:pg(\d+)", SERVICES["database"]["image"])
    assert client and server
    assert int(client[1]) >= int(server[1])
    assert '".[s3,providers]"' in IMAGE
    folders = {one.rpartition(":")[2] for one in OURS["web"]["volumes"]}
    assert folders == set(re.findall(r"/\w+", re.findall(r"^VOLUME (.+)", IMAGE, re.MULTILINE)[0]))


@pytest.mark.parametrize(("status", "is_well"), [(200, True), (503, False)])
@pytest.mark.parametrize("name", ["web", "encoder"])
def test_what_asks_how_a_service_is_hears_it(name: str, status: int, is_well: bool) -> None:
    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    _cmd, python, *words = SERVICES[name]["healthcheck"]["test"]
    assert python == "python"
    words = [re.sub(r":\d+/", f":{server.server_port}/", word) for word in words]
    asked = subprocess.run([sys.executable, *words], capture_output=True, timeout=60, check=False)
    server.shutdown()
    server.server_close()
    assert (asked.returncode == 0) is is_well


def _own_parser() -> list[str]:
    for words in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(words[0]):
            asked = subprocess.run(
                [*words, "version"], capture_output=True, timeout=60, check=False
            )
            if asked.returncode == 0:
                return words
    return []


@pytest.mark.skipif(not _own_parser(), reason="compose is not there")
def test_compose_itself_takes_the_file(tmp_path: Any) -> None:
    shutil.copy(ROOT / "compose.yaml", tmp_path)
    given = "HEED_BASE_URL=https://feedback.example.org\nPOSTGRES_PASSWORD=secret\n"
    for settings, code in ((given, 0), ("POSTGRES_PASSWORD=secret\n", 1)):
        (tmp_path / ".env").write_text(settings, encoding="utf-8")
        asked = subprocess.run(
            [*_own_parser(), "config", "--quiet"],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert bool(asked.returncode) is bool(code), asked.stderr
