"""What a process carries that only serves pages."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVING = """
import sys
import config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*({"torch", "sentence_transformers", "sklearn", "scipy"} & set(sys.modules)))
"""


def test_serving_pages_loads_no_machine_learning():
    found = subprocess.run(
        [sys.executable, "-c", SERVING], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == []
