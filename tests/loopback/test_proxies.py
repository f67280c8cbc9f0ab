"""The configurations of proxies that are shipped, read by the proxies themselves where they are there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes import ROOT, on_sqlite

pytestmark = on_sqlite
PROXIES = ROOT / "docs" / "ops" / "proxies"


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not there")
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    ours = (PROXIES / "nginx.conf").read_text()
    lines = [line for line in ours.splitlines() if "ssl_certificate" not in line]
    server = "\n".join(lines).replace("listen 443 ssl;", "listen 127.0.0.1:18443;")
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n{server}\n}}\n"
    )
    tried = subprocess.run(
        ["nginx", "-t", "-c", str(whole)], capture_output=True, text=True, timeout=30, check=False
    )
    assert tried.returncode == 0, tried.stderr


@pytest.mark.skipif(not shutil.which("caddy"), reason="caddy is not there")
def test_caddy_takes_its_configuration(tmp_path: Path) -> None:
    tried = subprocess.run(
        ["caddy", "adapt", "--config", str(PROXIES / "Caddyfile"), "--adapter", "caddyfile"],
        capture_output=True, text=True, timeout=30, check=False, env={"HOME": str(tmp_path)},
    )  # fmt: skip
    assert tried.returncode == 0, tried.stderr
    assert '"dial":"127.0.0.1:8000"' in tried.stdout
