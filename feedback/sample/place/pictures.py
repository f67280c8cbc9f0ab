"""The pictures that the people of a place show under what they wrote."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.forum.attachments.operations import attach, upload
from feedback.forum.attachments.reading import read
from feedback.forum.models import Comment, Post
from feedback.sample.place.reading import Words


@dataclass(frozen=True)
class Pictures:
    """The folder with the pictures, which are taken in as anybody's are."""

    folder: Path

    def hang_under(self, thing: Post | Comment, words: Words, *, now: dt.datetime) -> None:
        """Hang the pictures that ``words`` name under ``thing``."""
        wanted, alts = [], {}
        for name, alt in words.pictures.items():
            file = SimpleUploadedFile(name, (self.folder / name).read_bytes())
            kept = upload(person=thing.author, read=read(file), now=now)
            wanted.append(kept.public_id)
            alts[kept.public_id] = alt
        if wanted:
            attach(thing=thing, person=thing.author, wanted=wanted, alts=alts, now=now)
