"""A release in which something shipped is out; every other one is planned, whatever its day says.

Nobody is told: it was told when its items shipped. A line mends something where more than half of the posts behind it are bugs.
"""

import datetime as dt

from django.db import migrations
from django.db.models import Count, Min, Q


def say_where_they_stand(apps, schema_editor):
    Release = apps.get_model("roadmap", "Release")
    shipped = Release.objects.annotate(first=Min("lines__written_at")).exclude(first=None)
    for release in shipped.iterator(chunk_size=500):
        # An import writes what shipped years before.
        at = release.first
        if release.release_date < at.date():
            at = dt.datetime.combine(release.release_date, dt.time(12), tzinfo=dt.UTC)
        Release.objects.filter(pk=release.pk).update(
            stop="RELEASED", released_at=at, stop_changed_at=at
        )
    ChangelogLine = apps.get_model("roadmap", "ChangelogLine")
    ItemAsk = apps.get_model("roadmap", "ItemAsk")
    posts = (
        ItemAsk.objects.filter(item__changelog_line__isnull=False)
        .values("item")
        .annotate(
            all=Count("ask__memberships"),
            bugs=Count("ask__memberships", filter=Q(ask__memberships__post__kind="BUG")),
        )
    )
    mended = [row["item"] for row in posts if row["bugs"] * 2 > row["all"]]
    for start in range(0, len(mended), 500):
        some = mended[start : start + 500]
        ChangelogLine.objects.filter(item__in=some).update(category="MENDED")


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0002_trains")]

    operations = [
        migrations.RunPython(say_where_they_stand, migrations.RunPython.noop, elidable=True)
    ]
