"""What a page of comments costs whoever reads it first: rendered by the reader, and kept as it was written.

    python -m benchmarks.rendering [--comments 500] [--rounds 5]

Makes a database of its own with one post, and asks for each page of its comments in this process, both ways in turn. Before each
page nothing is remembered, as for a text that nobody has read since the process started. Prints milliseconds a page.
"""

import argparse
import os
import statistics
import tempfile
import time

#: As people write: a paragraph, a quotation and an answer, a list, a link, lines of a log.
TEXTS = (
    "The same here, since the update of **last week**. It stops after two minutes, every time.",
    "> It stops after two minutes\n\nNot for me. I have the *older* version, and there it plays all night.",
    "What I tried:\n\n- another cable\n- another room\n- `settings → reset`\n\nNothing helped.",
    "See https://example.org/faq/42 and [this answer](https://example.org/answer): it is the battery.",
    "```\n10:00:01 started\n10:02:03 stopped: code 17\n```\nThis is what the log says.",
    "我也遇到了同样的问题，**更新之后**每次都在两分钟后停止播放，希望尽快修复。",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HEED_DATA_DIR": folder, "HEED_ENCODER": "hashing"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        _measure(comments=options.comments, rounds=options.rounds)


def _measure(*, comments: int, rounds: int) -> None:
    from django.core.management import call_command
    from django.test import Client

    from feedback.accounts.models import User
    from feedback.forum.boards.operations import make_default_boards
    from feedback.forum.models import Board, Comment, RenderedComment
    from feedback.forum.posts.operations import publish_post
    from feedback.forum.renderings import keeping
    from feedback.kernel import clock, markdown

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    now = clock.now()
    make_default_boards(now)
    ann = User.objects.create_user(email="ann@example.org", password="x" * 20, display_name="Ann")
    board = Board.objects.get(slug="suggestions")
    post = publish_post(board=board, author=ann, title="A post", body=TEXTS[0], now=now)
    Comment.objects.bulk_create(
        Comment(post=post, author=ann, body=f"{TEXTS[n % len(TEXTS)]} ({n})", posted_at=now)
        for n in range(comments)
    )
    keeping.fill()
    client = Client(headers={"host": "localhost"})
    pages = [f"/posts/{post.public_id}/?page={n + 1}" for n in range((comments + 99) // 100)]
    for page in pages:
        client.get(page)
    times: dict[str, list[float]] = {"kept": [], "rendered by the reader": [], "read just now": []}
    shown: dict[str, bytes] = {}
    real = keeping.kept_of
    from feedback.forum.comments import showing
    from feedback.forum.posts import views

    for _ in range(rounds):
        for name, found in times.items():
            way = real if name == "kept" else lambda text: None
            showing.kept_of = views.kept_of = way
            for page in pages:
                if name != "read just now":
                    markdown._recent.forget()
                else:
                    client.get(page)
                began = time.perf_counter()
                answer = client.get(page)
                found.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200
                shown[name] = answer.content
    for name, found in times.items():
        print(f"{name:24} {statistics.median(found):7.1f} ms a page (median of {len(found)})")
    before, after = (statistics.median(times[name]) for name in ("rendered by the reader", "kept"))
    print(f"ratio {before / after:.2f}")
    size = sum(len(one.html) for one in RenderedComment.objects.all())
    words = sum(len(one.body) for one in Comment.objects.all())
    print(f"kept: {size / words:.2f} characters of HTML a character of the text")


if __name__ == "__main__":
    main()
