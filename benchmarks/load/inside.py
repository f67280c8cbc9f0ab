"""What the benchmark does inside the site: makes it, and looks afterwards what is there."""

import json
import sys
from typing import Any

#: People who read, type and vote; a new member's allowance is enough for their share of an hour.
MEMBERS, WRITERS = 300, 4


def build(posts: int) -> dict[str, Any]:
    """Make a site by the real importer; return cookies and pages."""
    from benchmarks import forum
    from benchmarks.large_site import cookie_of
    from feedback.accounts.models import User
    from feedback.asks.models import Ask
    from feedback.kernel import clock
    from feedback.ops.reconciling import reconcile

    made = forum.build(posts / forum.POSTS)
    now = clock.now()

    def people(kind: str, count: int, role: str) -> list[str]:
        some = User.objects.bulk_create(
            User(
                email=f"{kind}{number}@example.org",
                display_name=f"{kind} {number}",
                joined_at=now,
                role=role,
            )
            for number in range(count)
        )
        return [cookie_of(one) for one in some]

    # A team has no limits, so few write as much as many.
    made |= {
        "members": people("member", MEMBERS, "MEMBER"),
        "writers": people("writer", WRITERS, "MODERATOR"),
        "manager": people("manager", 1, "ADMIN")[0],
    }
    public = Ask.objects.filter(state=Ask.State.PUBLIC).order_by("-pk")[:2_000]
    made["asks"] = [one.public_id for one in public]
    made["counted at first"] = reconcile(fix=True)
    return made


def waiting() -> dict[str, Any]:
    """Return what is due and waits: entries to tell of, notices to mail, mails to send, runs."""
    from feedback.grouping.models import Run
    from feedback.journal.models import Dispatch
    from feedback.kernel import clock
    from feedback.notify.models import Delivery, Mail

    now = clock.now()
    return {
        "entries": Dispatch.objects.exclude(state="DONE").count(),
        "notices": Delivery.objects.filter(mail=None, due_at__lte=now).count(),
        "mails": Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=now).count(),
        "runs": Run.objects.filter(state__in=["WAITING", "RUNNING"]).count(),
    }


def check(claimed: dict[str, Any]) -> dict[str, Any]:
    """Return what of that which was answered with success is not there, who was told twice, and what was counted wrong."""
    from django.db.models import Count

    from feedback.forum.models import Comment, Post, Vote
    from feedback.grouping.models import Run
    from feedback.notify.models import Notice
    from feedback.ops.reconciling import reconcile

    there = set(Post.objects.values_list("public_id", flat=True))
    said = set(Comment.objects.filter(body__startswith="Load ").values_list("body", flat=True))
    voted = set(
        Vote.objects.filter(person__email__startswith="member").values_list(
            "person__email", "post__public_id"
        )
    )
    votes = {(f"member{number}@example.org", post) for number, post in claimed["votes"]}
    twice = Notice.objects.values("person", "key").annotate(n=Count("pk")).filter(n__gt=1)
    return {
        "lost posts": sorted(set(claimed["posts"]) - there),
        "lost comments": sorted(set(claimed["comments"]) - said),
        "lost votes": sorted(votes - voted),
        "notices": Notice.objects.count(),
        "told twice here": twice.count(),
        "failed runs": list(
            Run.objects.filter(state=Run.State.FAILED).values_list("error", flat=True)
        ),
        "counted wrong": {name: count for name, count in reconcile(fix=False).items() if count},
    }


def main() -> None:
    """Do the step that is named, and print what came of it as JSON."""
    import django

    django.setup()
    step, *words = sys.argv[1:]
    if step == "build":
        found = build(int(words[0]))
    else:
        found = check(json.load(sys.stdin)) if step == "check" else waiting()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
