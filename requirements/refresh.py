"""Write constraints.txt, the exact versions of everything Heed installs as they are in this environment, and the checksums of their files.

Run it with the environment's own Python after `pip install --upgrade -e ".[dev]"` and a green `make test`; it asks the package
index (PIP_INDEX_URL, or the usual one) for the checksums:

    .venv/bin/python requirements/refresh.py
"""

import json
import os
import re
import sys
import tomllib
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

HERE = Path(__file__).resolve().parent
HEADER = """\
# Every package of a Heed installation at the version it was tested with. Written by requirements/refresh.py.
# A version stands here without its build (2.13.0, never 2.13.0+cpu): the installer picks the build.
"""
HASHED = """\
# Packages at the version of constraints.txt, with the checksums of their files for Linux. Written by requirements/refresh.py.
# Of torch the installer picks one of several builds, which lie at several places: it alone is without.
"""
INDEX = os.environ.get("PIP_INDEX_URL", "").strip().rstrip("/") or "https://pypi.org/simple"
#: Which has builds with other names at other places.
UNHASHED = frozenset({"torch"})


def normal(name: str) -> str:
    """Return a package's name in the form that two spellings of it share."""
    return re.sub(r"[-_.]+", "-", name).lower()


def add_needed(texts: list[str], extras: frozenset[str], seen: dict[str, str]) -> None:
    """Add to ``seen`` {name: version} all that the requirements ``texts`` lead to and that is installed."""
    for text in texts:
        requirement = Requirement(text)
        wanted = extras or frozenset({""})
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in wanted):
            continue
        child = normal(requirement.name)
        try:
            version = metadata.version(child)
        except metadata.PackageNotFoundError:
            continue  # for another platform
        is_new = child not in seen
        seen[child] = version.partition("+")[0]
        if is_new or requirement.extras:
            add_needed(metadata.requires(child) or [], frozenset(requirement.extras), seen)


def is_for_linux(name: str) -> bool:
    """Whether the wheel called ``name`` fits some Linux with a Python that Heed knows."""
    try:
        *_, tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return False
    return any(
        (tag.platform == "any" or "linux" in tag.platform)
        and (
            tag.interpreter.startswith("py")
            or tag.abi == "abi3"
            or re.fullmatch(r"cp3(1[1-9]|[2-9]\d)", tag.interpreter)
        )
        for tag in tags
    )


def checksums(name: str, version: str) -> list[str]:
    """Return the SHA-256 of each wheel of a package for Linux, as the index gives them; of its source where it has no wheel.

    Raises `SystemExit` where there is none.
    """
    wanted = {"Accept": "application/vnd.pypi.simple.v1+json"}
    asked = urllib.request.Request(f"{INDEX}/{name}/", headers=wanted)  # noqa: S310
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
        files: list[dict[str, Any]] = json.load(answer)["files"]
    stem = re.compile(rf"{re.sub('[-_.]', '[-_.]', name)}-{re.escape(version)}(-|\.tar\.gz$|\.zip$)", re.IGNORECASE)  # fmt: skip
    of_version = [one for one in files if stem.match(one["filename"])]
    fitting = [one for one in of_version if is_for_linux(one["filename"])] or [
        one for one in of_version if not one["filename"].endswith(".whl")
    ]
    found = sorted(one["hashes"]["sha256"] for one in fitting)
    if not all(one["filename"].endswith(".whl") for one in fitting):
        sys.stdout.write(f"{name} is built here: it has no wheel.\n")
    if not found:
        raise SystemExit(f"The index has no file of {name} {version} for Linux.")
    return found


def write_hashes(of: str, packages: Iterable[tuple[str, str]]) -> None:
    """Write hashes``of``.txt with the checksums of ``packages``, which are names and versions."""
    named = sorted(packages)
    with ThreadPoolExecutor(6) as asking:
        found = list(asking.map(lambda one: checksums(*one), named))
    lines = [
        f"{name}=={version} " + " ".join(f"\\\n    --hash=sha256:{one}" for one in sums) + "\n"
        for (name, version), sums in zip(named, found, strict=True)
    ]
    text = HASHED + "".join(lines)
    (HERE / f"hashes{of}.txt").write_text(text, encoding="utf-8")


def main() -> int:
    """Write the files; return the exit code."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, str] = {}
    add_needed(project["dependencies"], frozenset(), found)
    needed = dict(found)
    for texts in project["optional-dependencies"].values():
        add_needed(texts, frozenset(), found)
    lines = [f"{name}=={version}\n" for name, version in sorted(found.items())]
    (HERE / "constraints.txt").write_text(HEADER + "".join(lines), encoding="utf-8")
    for of, packages in (("", needed), ("-dev", found)):
        hashed = {name: version for name, version in packages.items() if name not in UNHASHED}
        write_hashes(of, hashed.items())
    sys.stdout.write(f"{len(lines)} packages in requirements/constraints.txt\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
