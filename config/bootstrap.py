"""Set Heed up and start it, with nothing but a Python: `make` runs this before any package is installed.

Old Pythons must be able to read this file, so that one which is too old gets a sentence and not a syntax
error: no imports beyond the standard library, and no syntax younger than Python 3.6.
"""

import argparse
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "heed-installed.json"
LOG = VENV / "install.log"
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"
#: The same packages with the checksums of their files, of each extent.
HASHES = {
    "runtime": ROOT / "requirements" / "hashes.txt",
    "dev": ROOT / "requirements" / "hashes-dev.txt",
}

OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11")
#: What the packages weigh once they are unpacked, without and with the tools of development, in megabytes.
WEIGHT = {"runtime": 1900, "dev": 2600}

NETWORK_TROUBLE = re.compile(
    "name resolution|name or service not known|nodename nor servname|failed to establish a new connection"
    "|network is unreachable|connection refused|timed? ?out|proxyerror|connection ?reset|no route to host"
    "|getaddrinfo failed",
    re.IGNORECASE,
)


class CannotStart(Exception):
    """Something outside Heed is in the way; the message is one sentence for the person at the keyboard."""


def main(arguments: "list[str]") -> int:
    """Run one command; return the exit code unless the process was replaced by the server."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Set up Heed and start it.")
    commands = parser.add_subparsers(dest="command", metavar="install|serve")
    install = commands.add_parser("install", help="make .venv and install what Heed needs")
    install.add_argument("--dev", action="store_true", help="the tools of development too")
    serve = commands.add_parser("serve", help="install, then start Heed")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", default="8000")
    serve.add_argument("--sample", default="")
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 2
    try:
        check_python(arguments)
        if options.command == "install":
            ensure_installed("dev" if options.dev else "runtime")
            return 0
        # An empty PORT= counts as unset, as every setting does.
        options.host = options.host.strip() or "127.0.0.1"
        options.port = options.port.strip() or "8000"
        check_ground(options.host, options.port, options.sample)
        ensure_installed("runtime")
        sys.stdout.flush()
        words = ["--host", options.host, "--port", options.port, "--sample", options.sample]
        os.execv(str(PYTHON), [str(PYTHON), str(ROOT / "manage.py"), "serve", *words])  # noqa: S606
    except CannotStart as trouble:
        sys.stderr.write(f"Heed cannot start: {trouble}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on where this one ended.\n")
        return 130


def check_python(arguments: "list[str]") -> None:
    """Hand over to a newer Python on the path when this one is too old; without one, say so."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found and _version_of(found) >= OLDEST:
            sys.stdout.flush()
            os.execv(found, [found, str(Path(__file__).resolve()), *arguments])  # noqa: S606
    raise CannotStart(
        "it needs Python {}.{} or newer, and this is Python {}.{}; install one, or say where one is with "
        "make PYTHON=/path/to/python3.12.".format(*(OLDEST + tuple(sys.version_info[:2])))
    )


def check_ground(host: str, port: str, sample: str) -> None:
    """Raise unless there is such a sample, the address is free and the data folder can be written to.

    Sooner said than after installing.
    """
    sys.path.insert(0, str(ROOT))
    from feedback.ops import preconditions  # not on the path before
    from feedback.sample import choosing

    folder = Path(os.environ.get("HEED_DATA_DIR", "").strip() or str(ROOT / "var")).expanduser()
    try:
        choosing.chosen(sample)
        preconditions.check_address(host, port)
        preconditions.check_data_folder(folder)
    except (preconditions.CannotStart, choosing.UnknownSample) as trouble:
        raise CannotStart(str(trouble)) from None


def _version_of(python: str) -> "tuple[int, ...]":
    try:
        answer = subprocess.check_output(  # noqa: S603
            [python, "-c", "import sys; print(*sys.version_info[:2])"], stderr=subprocess.DEVNULL
        )
        return tuple(int(part) for part in answer.split())
    except (OSError, subprocess.CalledProcessError, ValueError):
        return (0, 0)


def ensure_installed(extent: str) -> None:
    """Make .venv hold everything of ``extent`` ("runtime" or "dev"); does nothing when it already does."""
    wanted = fingerprint()
    done = _stamped()
    if PYTHON.exists() and wanted in (done.get(extent), done.get("dev")):
        return
    _check_space(extent)
    if not PYTHON.exists() or _version_of(str(PYTHON)) < OLDEST:
        _make_venv()
    _run_pip(extent)
    done = _stamped()
    done[extent] = wanted
    if extent == "dev":
        done["runtime"] = wanted
    STAMP.write_text(json.dumps(done), encoding="utf-8")


def fingerprint() -> str:
    """Return what an installation depends on, as one short word."""
    import tomllib  # not in the Pythons that only get to read the sentence above

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    digest = hashlib.sha256(str(ROOT).encode("utf-8", "surrogateescape"))
    for part in ("project", "build-system"):
        digest.update(json.dumps(project[part], sort_keys=True).encode("utf-8"))
    for path in (CONSTRAINTS, *HASHES.values()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _stamped() -> "dict[str, str]":
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _check_space(extent: str) -> None:
    free = shutil.disk_usage(str(ROOT)).free // 1_000_000
    needed = WEIGHT[extent] if not STAMP.exists() else 200
    if free < needed:
        raise CannotStart(
            f"its packages need about {needed / 1000:.1f} GB of disk and {ROOT} has {free / 1000:.1f} GB "
            "left; make room and try again."
        )


def _make_venv() -> None:
    _say("Making a virtual environment in .venv")
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode != 0:
        raise CannotStart(why_no_venv(result.stdout))


def why_no_venv(output: str) -> str:
    """Return one sentence for what ``python -m venv`` printed when it failed."""
    if "ensurepip" in output or "No module named venv" in output:
        return (
            "this Python came without its venv module; install it (Debian and Ubuntu: "
            "apt install python{}.{}-venv) and try again.".format(*sys.version_info[:2])
        )
    if "No space left" in output:
        return f"the disk under {ROOT} is full."
    if "Permission denied" in output or "Read-only" in output:
        return f"{ROOT} cannot be written to, and the virtual environment belongs there."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return "the virtual environment could not be made: {}".format(
        lines[-1] if lines else "no reason given."
    )


def _run_pip(extent: str) -> None:
    """Install what ``extent`` needs: first every package whose files have checksums, then Heed with what is left, by version."""
    extra = "[dev]" if extent == "dev" else ""
    steps = [["-e", str(ROOT) + extra, "-c", str(CONSTRAINTS)]]
    if sys.platform == "linux":
        # With all that it takes to build Heed itself: nothing else is fetched for that.
        steps[0].insert(0, "--no-build-isolation")
        steps.insert(0, ["--require-hashes", "--no-deps", "-r", str(HASHES[extent])])
    _say("Installing packages into .venv (once; a few hundred megabytes when nothing is cached)")
    line = _StatusLine()
    try:
        with LOG.open("w", encoding="utf-8", errors="replace") as log:
            code = 0
            for step in steps:
                code = code or _pip(step, log, line)
    except OSError as error:
        raise CannotStart(
            f"the disk under {ROOT} is full."
            if error.errno == errno.ENOSPC
            else f"the installation failed: {error.strerror}."
        ) from None
    finally:
        line.close()
    if code != 0:
        raise CannotStart(why_no_packages(LOG.read_text(encoding="utf-8", errors="replace")))
    _say(f"Installed in {_duration(line.elapsed)}.")


def _pip(words: "list[str]", log: "TextIO", line: "_StatusLine") -> int:
    """Have pip install what ``words`` say; return its exit code."""
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--retries", "3"]
    pip = subprocess.Popen(  # noqa: S603
        [*command, "--progress-bar", "off", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
        env=dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUNBUFFERED="1"),
    )
    assert pip.stdout is not None
    for text in pip.stdout:
        log.write(text)
        line.read(text)
    return pip.wait()


def why_no_packages(output: str) -> str:
    """Return one sentence for what pip printed when it failed."""
    if "No space left on device" in output:
        return "the disk became full while packages were being installed; make room and try again."
    if NETWORK_TROUBLE.search(output):
        return (
            "the package index cannot be reached, and the first start has to download packages; check the "
            "network or the proxy and try again (details: .venv/install.log)."
        )
    changed = re.search(r"DO NOT MATCH THE HASHES.*?\n\s+(\S+) from ", output, re.DOTALL)
    if changed:
        return (
            f"the file of {changed.group(1)} that the package index sent is not the one that Heed was tested with; ask "
            "whoever runs the index, or the network between (details: .venv/install.log)."
        )
    missing = re.search(r"No matching distribution found for (\S+)", output)
    if missing:
        return (
            f"the package index has no {missing.group(1)} for this Python and this machine "
            "(details: .venv/install.log)."
        )
    errors = [line for line in output.splitlines() if line.startswith("ERROR: ")]
    reason = errors[-1][7:].strip() if errors else "pip gave no reason"
    return "packages could not be installed: {} (details: .venv/install.log).".format(
        reason.rstrip(".")
    )


class _StatusLine:
    """Says what pip is doing: one line that changes on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.shown_at = 0.0
        self.seen = set()  # type: set[str]
        self.phase = "looking for packages"
        self.on_terminal = sys.stdout.isatty()
        self.closed = threading.Event()
        if self.on_terminal:
            threading.Thread(target=self._tick, daemon=True).start()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def read(self, text: str) -> None:
        """Take one line of pip's output."""
        collecting = re.match(r"\s*Collecting ([A-Za-z0-9._-]+)", text)
        loading = re.match(r"\s*Downloading ([A-Za-z]\S*?)-\d\S* \(([\d.]+ [kMG]?B)\)", text)
        if collecting:
            self.seen.add(collecting.group(1).lower())
            self.phase = f"{len(self.seen)} packages found"
        elif loading:
            self.phase = f"downloading {loading.group(1)} ({loading.group(2)})"
        elif text.startswith("Installing collected packages"):
            self.phase = f"unpacking {text.count(',') + 1} packages, which takes a minute or two"
            self.shown_at = 0.0
        if not self.on_terminal and time.monotonic() - self.shown_at >= 15:
            self._show()

    def _tick(self) -> None:
        while not self.closed.wait(0.5):
            self._show()

    def _show(self) -> None:
        self.shown_at = time.monotonic()
        text = f"  {_duration(self.elapsed)} · {self.phase}"
        sys.stdout.write("\r\033[K" + text[:100] if self.on_terminal else text + "\n")
        sys.stdout.flush()

    def close(self) -> None:
        """Leave the terminal clean."""
        self.closed.set()
        if self.on_terminal:
            sys.stdout.write("\r\033[K")
            sys.stdout.flush()


def _duration(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
