"""Where the processes of one `web` put their figures together: files in a folder of its own."""

import os
import platform
import shutil
from pathlib import Path

#: Read by prometheus_client as it is loaded: then processes share what they count.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def prepare(below: Path) -> None:
    """Give this process, and those that it starts, an empty folder ``below``; remove those of webs of this machine that are gone."""
    of_machine = below / platform.node()
    for found in of_machine.glob("*"):
        if not found.name.isdigit() or not _lives(int(found.name)):
            shutil.rmtree(found, ignore_errors=True)
    own = of_machine / str(os.getpid())
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    os.environ[VARIABLE] = str(own)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
