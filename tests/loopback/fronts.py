"""A site behind nginx or Caddy, each run with the configuration that is shipped, on ports of 127.0.0.1."""

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from feedback.ops.preconditions import free_port
from tests.loopback.machines import PEOPLE
from tests.loopback.test_serve import Visitor
from tests.migrated import migrated_folder
from tests.processes import ROOT, command, environment

PROXIES = ROOT / "docs" / "ops" / "proxies"
#: What the configurations call the site.
NAME = "feedback.example.org"
SECONDS = 90.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Site:
    """A site with its people that is told that a proxy stands before it; it may be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(shutil.copytree(migrated_folder(), folder))
        self.port = free_port()
        self._environment = environment(
            self.folder, HEED_BASE_URL=f"https://{NAME}", HEED_BEHIND_PROXY="1", HEED_WEB_WORKERS="1"
        )  # fmt: skip
        settings = {"DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run(
            [*command()[:1], "-c", PEOPLE], env=self._environment | settings, cwd=ROOT, check=True, timeout=300,
        )  # fmt: skip

    def start(self) -> None:
        """Start its web and wait until it is ready."""
        self._web = subprocess.Popen(
            command("web", "--port", str(self.port)), env=self._environment, cwd=ROOT, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + SECONDS
        while not self._is_up():
            assert time.monotonic() < deadline, "the web does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop its web."""
        _end(self._web)

    def mails(self) -> str:
        """Return all that it has mailed."""
        return "\n".join(file.read_text() for file in (self.folder / "mail").glob("*"))

    def _is_up(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/readyz", headers={"Host": NAME})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


class Front:
    """nginx or Caddy before a web at ``port``, as ``kind`` says."""

    def __init__(self, kind: str, folder: Path, port: int) -> None:
        self.kind = kind
        self.secure, self.plain = free_port(), free_port()
        words = {"nginx": self._nginx, "caddy": self._caddy}[kind](folder, port)
        home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        with (folder / "said.log").open("wb") as said:
            self._process = subprocess.Popen(
                words, env=dict(os.environ) | home, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + SECONDS
        while not self._is_up():
            assert time.monotonic() < deadline, (folder / "said.log").read_text()
            time.sleep(0.1)

    def ask(
        self, path: str, *, method: str = "GET", body: str | None = None, source: str = "127.0.0.1", **headers: str,
    ) -> Answer:  # fmt: skip
        """Ask as a browser at ``source`` does; headers by their names with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return _answered(self.connection(source), method, path, body, sent)

    def ask_in_the_clear(self, path: str) -> Answer:
        """Ask without encryption."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=60)
        return _answered(connection, "GET", path, None, {"Host": NAME})

    def connection(self, source: str = "127.0.0.1") -> http.client.HTTPConnection:
        """Open a connection from ``source`` for one request."""
        connection = http.client.HTTPConnection(NAME)
        connection.sock = self.open(source)
        return connection

    def open(self, source: str = "127.0.0.1", said: str = "") -> ssl.SSLSocket:
        """Open a connection from ``source`` and begin to speak."""
        plain = socket.create_connection(("127.0.0.1", self.secure), 60, (source, 0))
        # Certificates of a test: who made them is nothing to ask.
        context = ssl._create_unverified_context()
        connection = context.wrap_socket(plain, server_hostname=NAME)
        connection.sendall(said.encode())
        return connection

    def close(self) -> None:
        _end(self._process)

    def _is_up(self) -> bool:
        try:
            return self.ask("/livez").status == 200
        except OSError:
            return False

    def _nginx(self, folder: Path, port: int) -> list[str]:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
             "-keyout", str(folder / f"{NAME}.key"), "-out", str(folder / f"{NAME}.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
        ours = _replaced(
            PROXIES / "nginx.conf",
            {
                "listen 80;": f"listen 127.0.0.1:{self.plain};",
                "listen 443 ssl;": f"listen 127.0.0.1:{self.secure} ssl;",
                "127.0.0.1:8000": f"127.0.0.1:{port}",
                "/etc/ssl/": f"{folder}/",
            },
        )
        places = "".join(
            f"{one}_temp_path {folder}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )  # fmt: skip
        # Who starts it as root has its workers be root too: the folder of a test is nobody else's.
        user = "user root;" if os.getuid() == 0 else ""
        whole = folder / "nginx.conf"
        whole.write_text(
            f"daemon off; {user} pid {folder}/pid; error_log stderr; events {{ worker_connections 1024; }}\n"
            f"http {{ access_log off; {places}\n{ours}\n}}\n"
        )
        return ["nginx", "-e", "stderr", "-c", str(whole)]

    def _caddy(self, folder: Path, port: int) -> list[str]:
        own = f"admin off\nlocal_certs\nskip_install_trust\nhttp_port {self.plain}\nhttps_port {self.secure}\ndefault_bind 127.0.0.1\n"
        whole = folder / "Caddyfile"
        whole.write_text(
            _replaced(
                PROXIES / "Caddyfile",
                {
                    "\tservers {": f"{own}\tservers {{",
                    "read_body 10m": "read_body 20s",  # nobody waits ten minutes for a test
                    "127.0.0.1:8000": f"127.0.0.1:{port}",
                },
            )
        )
        return ["caddy", "run", "--config", str(whole), "--adapter", "caddyfile"]


class Browser(Visitor):
    """A browser at ``source`` that goes by way of ``front``; ``said`` are headers that it sends beside its own."""

    csrf = "__Host-heed_csrf"

    def __init__(self, front: Front, source: str = "127.0.0.1") -> None:
        super().__init__(front.secure)
        self._front, self._source = front, source
        self.said: dict[str, str] = {}

    def connection(self) -> http.client.HTTPConnection:
        return self._front.connection(self._source)

    def headers(self) -> dict[str, str]:
        return super().headers() | {"Origin": f"https://{NAME}"} | self.said


def _replaced(file: Path, others: dict[str, str]) -> str:
    text = file.read_text(encoding="utf-8")
    for one, other in others.items():
        assert one in text, one
        text = text.replace(one, other)
    return text


def _answered(
    connection: http.client.HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str],
) -> Answer:  # fmt: skip
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
