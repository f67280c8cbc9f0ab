"""Write constraints.txt: the exact versions of everything Heed installs, as they are in this environment.

Run it with the environment's own Python after `pip install --upgrade -e ".[dev]"` and a green `make test`:

    .venv/bin/python requirements/refresh.py
"""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

HERE = Path(__file__).resolve().parent
HEADER = """\
# Every package of a Heed installation at the version it was tested with. Written by requirements/refresh.py.
# A version stands here without its build (2.13.0, never 2.13.0+cpu): the installer picks the build.
"""


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


def main() -> int:
    """Write the file; return the exit code."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, str] = {}
    add_needed(project["dependencies"], frozenset(), found)
    for texts in project["optional-dependencies"].values():
        add_needed(texts, frozenset(), found)
    lines = [f"{name}=={version}\n" for name, version in sorted(found.items())]
    (HERE / "constraints.txt").write_text(HEADER + "".join(lines), encoding="utf-8")
    sys.stdout.write(f"{len(lines)} packages in requirements/constraints.txt\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
