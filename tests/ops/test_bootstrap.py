"""The installer: what it says when something is in the way, and that it installs once."""

import ast
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from config import bootstrap
from feedback.ops import preconditions
from tests.processes import ROOT

SCRIPT = ROOT / "config" / "bootstrap.py"


def test_python_3_6_can_read_it() -> None:
    """So that an old Python says what it is missing and does not stumble over the syntax."""
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def as_python(
    version: tuple[int, ...], *words: str, path: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run the script in a Python that takes itself for ``version``, with ``path`` to look for others."""
    code = (
        f"import sys; sys.version_info = {version!r}; sys.argv = ['bootstrap.py', *{words!r}];"
        f"import runpy; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env=dict(os.environ, PATH=path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_old_python_gets_one_sentence() -> None:
    done = as_python((3, 9, 2), "serve")
    assert done.returncode == 1
    assert done.stderr == (
        "Heed cannot start: it needs Python 3.11 or newer, and this is Python 3.9; install one, or say where one is "
        "with make PYTHON=/path/to/python3.12.\n"
    )


def test_an_old_python_hands_over_to_a_newer_one(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] && echo 3 12 || echo "handed over: $*"\n')
    newer.chmod(0o755)
    done = as_python((3, 9, 2), "install", path=f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"handed over: {SCRIPT} install"


def run(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(SCRIPT), *words],
        env=os.environ | more,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_is_said_before_anything_is_installed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Heed cannot start: port {port} is taken by another program; stop that one, or choose another port: "
        f"make serve PORT={port + 1 if port < 65535 else 8000}\n"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--port", "80000"), "PORT=80000 is not a port"),
        (("--port", "http"), "PORT=http is not a port"),
        (
            ("--host", "192.0.2.7", "--port", "0001"),
            "HOST=192.0.2.7 is not an address of this machine",
        ),
    ],
)
def test_a_wrong_address_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    done = run("serve", *words)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("I am no folder")
    done = run("serve", "--port", str(preconditions.free_port()), HEED_DATA_DIR=str(file / "data"))
    assert done.returncode == 1
    assert f"the data folder {file}/data cannot be written to (not a directory)" in done.stderr


def test_a_full_disk_is_said_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(preconditions.CannotStart, match="nearly full"):
        preconditions.check_data_folder(tmp_path, megabytes=10**9)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "WARNING: Retrying (Retry(total=2)) after connection broken by 'NewConnectionError: Failed to "
            "establish a new connection: [Errno -3] Temporary failure in name resolution'\n"
            "ERROR: No matching distribution found for setuptools>=80",
            "the package index cannot be reached",
        ),
        (
            "ERROR: Could not install packages: [Errno 28] No space left on device",
            "the disk became full",
        ),
        (
            "ERROR: No matching distribution found for torch==2.13.0",
            "has no torch==2.13.0 for this Python",
        ),
        (
            "ERROR: first\nERROR: The hashes do not match.\n",
            "could not be installed: The hashes do not match (",
        ),
        ("", "pip gave no reason"),
    ],
)
def test_what_pip_says_becomes_one_sentence(output: str, sentence: str) -> None:
    assert sentence in bootstrap.why_no_packages(output)
    assert "\n" not in bootstrap.why_no_packages(output)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "The virtual environment was not created successfully because ensurepip is not available.",
            "apt install",
        ),
        ("Error: [Errno 28] No space left on device: '/x'", "is full"),
        ("Error: [Errno 13] Permission denied: '/x/.venv'", "cannot be written to"),
        ("Error: something else\n", "something else"),
    ],
)
def test_what_venv_says_becomes_one_sentence(output: str, sentence: str) -> None:
    assert sentence in bootstrap.why_no_venv(output)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The installer in a folder of its own, with a Python that only notes what it is asked."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && {{ echo 3 11; exit; }}\necho "$*" >> {tmp_path}/asked\n'
        'echo "Collecting django==5.2.19"; echo "Installing collected packages: django, heed"\n'
    )
    python.chmod(0o755)
    (tmp_path / "requirements").mkdir()
    for name in ("constraints", "hashes"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("django==5.2.19\n")
    monkeypatch.setattr("sys.platform", "linux")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "heed"\n[build-system]\nrequires = []\n'
    )
    for name, path in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": python,
        "STAMP": venv / "heed-installed.json",
        "LOG": venv / "install.log",
        "CONSTRAINTS": tmp_path / "requirements" / "constraints.txt",
        "HASHES": dict.fromkeys(("runtime", "dev"), tmp_path / "requirements" / "hashes.txt"),
    }.items():
        monkeypatch.setattr(bootstrap, name, path)
    return bootstrap


def test_packages_are_installed_once_and_again_when_they_change(
    elsewhere: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, files = tmp_path / "asked", tmp_path / "requirements"
    elsewhere.ensure_installed("runtime")
    elsewhere.ensure_installed("runtime")
    hashed, rest = asked.read_text().splitlines()
    assert f"--require-hashes --no-deps -r {files}/hashes.txt" in hashed
    assert f"-e {tmp_path} -c {files}/constraints.txt" in rest
    elsewhere.ensure_installed("dev")
    assert asked.read_text().rstrip().endswith(f"-e {tmp_path}[dev] -c {files}/constraints.txt")
    (files / "constraints.txt").write_text("django==5.2.20\n")
    elsewhere.ensure_installed("dev")
    elsewhere.ensure_installed("runtime")
    assert len(asked.read_text().splitlines()) == 6
    said = capsys.readouterr().out
    assert "unpacking 2 packages" in said


def test_where_no_checksums_are_known_versions_count(
    elsewhere: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    elsewhere.ensure_installed("runtime")
    (only,) = (tmp_path / "asked").read_text().splitlines()
    assert only.endswith(f"-e {tmp_path} -c {tmp_path}/requirements/constraints.txt")


def test_another_file_than_the_one_that_was_tested_is_named() -> None:
    said = """ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have
    django==5.2.19 from https://index.example/django.whl (from -r hashes.txt (line 3)):
        Expected sha256 00
"""
    assert "The file of django==5.2.19".lower() in bootstrap.why_no_packages(said).lower()


@pytest.mark.parametrize("of", ["", "-dev"])
def test_every_package_but_torch_has_its_checksums(of: str) -> None:
    lines = (ROOT / "requirements" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {line for line in lines if not line.startswith(("#", "torch=="))}
    text = (ROOT / "requirements" / f"hashes{of}.txt").read_text(encoding="utf-8")
    hashed = dict(
        re.findall(r"^(\S+==\S+) ((?:\\\n    --hash=sha256:[0-9a-f]{64} ?)+)", text, re.M)
    )
    assert hashed.keys() == pins if of else hashed.keys() < pins
    assert all(hashed.values())
    assert "setuptools" in {pin.partition("==")[0] for pin in hashed}, (
        "Heed itself is built with it"
    )


def test_a_failed_installation_is_tried_again(elsewhere: ModuleType, tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(
        '#!/bin/sh\n[ "$1" = -c ] && { echo 3 11; exit; }\necho "ERROR: it broke"; exit 1\n'
    )
    with pytest.raises(elsewhere.CannotStart, match="it broke"):
        elsewhere.ensure_installed("runtime")
    assert not (tmp_path / ".venv" / "heed-installed.json").exists()


def test_too_little_disk_is_said_before_pip_starts(
    elsewhere: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "WEIGHT", {"runtime": 10**9, "dev": 10**9})
    with pytest.raises(elsewhere.CannotStart, match="its packages need about"):
        elsewhere.ensure_installed("runtime")
    assert not (tmp_path / "asked").exists()


def test_every_package_is_pinned_and_torch_without_its_build() -> None:
    lines = (ROOT / "requirements" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert pins["torch"] == "2.13.0"
    assert not any("+" in version for version in pins.values())
    import tomllib

    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for text in wanted:
        requirement = Requirement(text)
        name = requirement.name.lower().replace("_", "-")
        assert name in pins, f"{name} is not in requirements/constraints.txt; run make constraints"
        assert requirement.specifier.contains(pins[name]), f"{name}=={pins[name]} is not {text}"


def test_the_stamp_is_json(elsewhere: ModuleType, tmp_path: Path) -> None:
    elsewhere.ensure_installed("runtime")
    assert json.loads((tmp_path / ".venv" / "heed-installed.json").read_text()) == {
        "runtime": elsewhere.fingerprint()
    }
