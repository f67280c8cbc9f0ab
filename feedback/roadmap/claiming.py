"""Crediting who an imported author turned out to be."""

from collections.abc import Mapping
from operator import itemgetter

from django.db.models import F, TextField
from django.db.models.functions import Cast

from feedback.accounts.claiming.keepers import Keeper, Record, Records
from feedback.accounts.models import User
from feedback.roadmap.models import ChangelogLine


def hand_over(author: User, person: User, records: Records) -> Record:
    """Have the changelog credit ``person`` where it credits ``author``; where it credits both, it counted one person twice."""
    lines = []
    for line in _crediting(author):
        credited = line.credited
        both = {
            who: credited.index(who)
            for who in (author.public_id, person.public_id)
            if who in credited
        }
        lines.append([line.pk, both])
        _rewrite(line, both, {person.public_id: min(both.values())})
    return {"lines": lines}


def hand_back(author: User, person: User, records: Records) -> None:
    """Credit ``author`` again, where ``person`` is still credited."""
    changed = dict(records.get("roadmap", {}).get("lines", []))
    for line in ChangelogLine.objects.select_for_update().filter(pk__in=changed).order_by("pk"):
        if person.public_id in line.credited:
            _rewrite(line, {person.public_id: 0}, changed[line.pk])


def _crediting(author: User) -> list[ChangelogLine]:
    # As text: SQLite looks into no list.
    said = ChangelogLine.objects.annotate(said=Cast("credited", TextField()))
    naming = said.filter(said__contains=author.public_id).values("pk")
    held = ChangelogLine.objects.select_for_update().filter(pk__in=naming).order_by("pk")
    return [line for line in held if author.public_id in line.credited]


def _rewrite(line: ChangelogLine, gone: Mapping[str, int], come: Mapping[str, int]) -> None:
    """Credit those who ``come``, at their places, for those who are ``gone``, and count as many people more or less."""
    credited = [who for who in line.credited if who not in gone]
    for who, place in sorted(come.items(), key=itemgetter(1)):
        credited.insert(place, who)
    ChangelogLine.objects.filter(pk=line.pk).update(
        credited=credited, people_count=F("people_count") + len(come) - len(gone)
    )


KEEPER = Keeper(room="roadmap", hand_over=hand_over, hand_back=hand_back)
