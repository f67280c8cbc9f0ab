"""Make .venv-bench: Heed's own environment and, beside it, the methods that the benchmarks measure against.

Run by the bench targets of the Makefile with the Python of .venv. What is pinned there is used and stays as it is;
when the packages cannot be had, the benchmarks measure Heed alone and say so.
"""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HOME = PROJECT / ".venv-bench"
WANTED = PROJECT / "requirements" / "bench.txt"
CONSTRAINTS = PROJECT / "requirements" / "constraints.txt"
STAMP = HOME / "installed.txt"


def main() -> int:
    """Return 0 even when packages are missing: the report names them."""
    wanted = WANTED.read_text(encoding="utf-8") + CONSTRAINTS.read_text(encoding="utf-8")
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return 0
    venv.create(HOME, with_pip=False, clear=True)
    python = HOME / "bin" / "python"
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(HOME), "platbase": str(HOME)}))
    packages.joinpath("heed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    sys.stderr.write("Installing EVoC and BERTopic into .venv-bench, for comparison only ...\n")
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    command += ["--disable-pip-version-check", "-r", str(WANTED), "-c", str(CONSTRAINTS)]
    done = subprocess.run(
        command,
        env={**os.environ, "PIP_REQUIRE_VIRTUALENV": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if line.startswith("ERROR")), "")
        sys.stderr.write(
            f"EVoC and BERTopic cannot be installed, so Heed is measured alone. {reason}\n"
        )
        return 0
    STAMP.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
