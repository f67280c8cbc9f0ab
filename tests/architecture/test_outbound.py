"""Nobody but `kernel.outbound` opens a connection to an address that a person typed."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What opens connections, of Python and of packages that are often at hand.
OPENERS = {
    "socket", "ssl", "http.client", "urllib.request", "ftplib", "telnetlib", "smtplib", "imaplib", "poplib", "asyncio", "xmlrpc",
    "requests", "httpx", "httpx2", "urllib3", "aiohttp", "pycurl", "websockets", "multiprocessing.connection",
}  # fmt: skip
#: Who may, and to which addresses: those that the operator's settings name, or this machine's own.
OPERATORS = {
    "feedback/accounts/adapter.py": "EMAIL_URL",
    "feedback/accounts/letters.py": "EMAIL_URL",
    "feedback/encoder/app.py": "answers",
    "feedback/encoder/client.py": "HEED_ENCODER_URL",
    "feedback/encoder/server.py": "listens",
    "feedback/ops/health.py": "the encoder's, of settings",
    "feedback/ops/preconditions.py": "looks whether its own port is free",
    "feedback/ops/management/commands/serve.py": "its own port",
    "feedback/ops/web/answers.py": "answers",
    "feedback/ops/web/bodies.py": "answers",
    "feedback/ops/web/bridge.py": "answers",
    "feedback/ops/web/peers.py": "ends what is open too long",
    "feedback/kernel/in_time.py": "gives time to what others have opened",
    "feedback/notify/channels/email/sending.py": "EMAIL_URL",
    "feedback/notify/mailbox/imap.py": "HEED_MAIL_IN",
}
OUTBOUND = "feedback/kernel/outbound/"


def opened(source: str) -> set[str]:
    """Return the openers that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name in OPENERS or name.partition(".")[0] in OPENERS}


def test_nobody_else_opens_connections() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for folder in ("feedback", "config")
        for path in (ROOT / folder).rglob("*.py")
        if (names := opened(path.read_text(encoding="utf-8")))
    }
    assert OPERATORS.keys() <= found.keys(), "Take out who opens none any more."
    others = {name: names for name, names in found.items() if not name.startswith(OUTBOUND)}
    assert others.keys() == OPERATORS.keys(), "Ask `kernel.outbound`, or say whose address it is."


def test_an_opener_is_found() -> None:
    assert opened("import socket\nfrom http.client import HTTPConnection") == {
        "socket",
        "http.client",
    }
    assert opened("from urllib import request") == {"urllib.request"}
    assert opened("def one():\n    import requests.sessions") == {"requests.sessions"}
    assert not opened("from urllib.parse import urlsplit\nfrom http import HTTPStatus")


def test_no_link_is_made_of_the_host_that_a_request_named():
    """`kernel.identity.at_home` makes links: who asks for a mail to somebody else may name any host."""
    named = [
        path
        for path in (ROOT / "feedback").rglob("*.py")
        if "build_absolute_uri" in path.read_text(encoding="utf-8")
    ]
    assert not named
