"""What the HNSW index of pgvector is worth where somebody types: `make bench-neighbours`.

Vectors of the sample's reviews by the encoder that is set, each beyond them one of theirs with noise, in a PostgreSQL server of
its own. The query that `similar` asks is timed without the index and with it, in the same run; what it finds is compared with what
is truly nearest; and so is what the index costs: its bytes, the time to build it, and the time to write vectors beside it.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.databases import database_of
from benchmarks.large_site import NOISE, sample_texts
from benchmarks.web import ROOT, say

#: What a form asks for, and how often it is asked here.
NEAREST, ASKED = 40, 200
WRITTEN = 1_000


def measure(steps: list[int]) -> list[dict[str, Any]]:
    """Return one row of figures for each number of vectors, which grow from one to the next."""
    import django

    django.setup()
    import numpy as np
    from django.conf import settings
    from django.core.management import call_command

    from feedback.encoder.models.registry import load_encoder
    from feedback.grouping.models import EncoderModel, Vector
    from feedback.grouping.similar import similar
    from feedback.grouping.vectors.indexes import drop_index, ensure_index
    from feedback.kernel import clock

    call_command("migrate", verbosity=0)
    encoder = load_encoder(settings.ENCODER)
    model = EncoderModel.objects.create(
        model_key=encoder.model_key,
        dims=encoder.views[-1].stop,
        views=[[view.name, view.start, view.stop] for view in encoder.views],
        is_current=True,
        first_seen_at=clock.now(),
    )
    said = sample_texts()
    say(f"Embedding {len(said):,} texts.")
    own = encoder.encode(said)
    rng = np.random.default_rng(0)
    _, start, stop = view = similar.view_of(model)

    def like(one: Any) -> Any:
        """Return a vector near ``one``, as another wording of it would have."""
        return (one + rng.normal(0, NOISE / np.sqrt(len(one)), len(one))).astype(np.float32)

    def write(first: int, last: int) -> float:
        """Write vectors by number; return the seconds."""
        began = time.perf_counter()
        for at in range(first, last, 2_000):
            numbers = range(at, min(last, at + 2_000))
            vectors = [own[n] if n < len(own) else like(own[n % len(own)]) for n in numbers]
            Vector.objects.bulk_create(
                Vector(content_hash=f"{n:032d}", model_key=model.model_key, embedding=vector)
                for n, vector in zip(numbers, vectors, strict=True)
            )
        return time.perf_counter() - began

    queries = [like(own[at])[start:stop] for at in rng.integers(0, len(own), ASKED)]
    queries = [query / np.linalg.norm(query) for query in queries]

    def ask() -> tuple[dict[str, float], list[dict[str, float]]]:
        """Return what asking for all took, and what was found."""
        waited, found = [], []
        for query in queries:
            began = time.perf_counter()
            found.append(similar._nearest_in_postgres(model, view, query, NEAREST))
            waited.append(1000 * (time.perf_counter() - began))
        at = {"p50": 50, "p95": 95}
        return {name: round(float(np.percentile(waited, q)), 2) for name, q in at.items()}, found

    rows, there = [], 0
    for count in steps:
        drop_index(model)
        write(there, count - WRITTEN)
        alone = write(count - WRITTEN, count)
        vacuum()
        exactly, wanted = ask()
        began = time.perf_counter()
        name = ensure_index(model)
        built = time.perf_counter() - began
        size = size_of(name)
        quickly, found = ask()
        kept = [
            len(one.keys() & other.keys()) / len(other)
            for one, other in zip(found, wanted, strict=True)
        ]
        beside = write(count, there := count + WRITTEN)
        rows.append(
            {
                "vectors": count,
                "without": exactly,
                "with": quickly,
                "times as fast": round(exactly["p50"] / quickly["p50"], 1),
                "found of the nearest": round(float(np.mean(kept)), 3),
                "megabytes": round(size / 1e6, 1),
                "seconds to build": round(built, 1),
                "writing beside it": round(beside / alone, 1),
            }
        )
        say(json.dumps(rows[-1]))
    return rows


def vacuum() -> None:
    """Have the planner know what there is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE grouping_vector")


def size_of(name: str | None) -> int:
    """Return the bytes of an index."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(to_regclass(%s))", [name])
        return int(cursor.fetchone()[0])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, nargs="+", default=[10_000, 50_000, 100_000])
    parser.add_argument(
        "--output", type=Path, default=ROOT / "var" / "benchmarks" / "neighbours.json"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="heed-bench-") as folder:
        Path(folder).chmod(0o755)  # the database server is another user's
        with database_of("postgres", Path(folder)) as database:
            os.environ |= {
                "DATABASE_URL": database,
                "HEED_DATA_DIR": f"{folder}/data",
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
            rows = measure(options.steps)
            from django.db import connection

            connection.close()
    names = [name for name in rows[0] if name not in ("without", "with")]
    for row in rows:
        print(
            f"{row['vectors']:>9,}  without {row['without']['p50']} / {row['without']['p95']} ms  "
            f"with {row['with']['p50']} / {row['with']['p95']} ms  "
            + "  ".join(f"{name} {row[name]}" for name in names[1:])
        )
    found = {
        "rows": rows,
        "load": os.getloadavg(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "pgvector": version("pgvector"),
    }
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
