"""MP4 (ISO/IEC 14496-12): boxes within boxes. What is not needed to play picture and sound becomes ``free`` boxes of zeros."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from struct import iter_unpack

from feedback.kernel.videos.editing import DamagedVideoError, Editing, MoreThanPlayedError

#: What stays, by the box that it stands in; "" is the file. Places, names and notes of the camera (`udta`, `meta`, `uuid`) are in none.
_KEPT: dict[bytes, frozenset[bytes]] = {
    b"": frozenset({b"ftyp", b"moov", b"mdat", b"styp", b"sidx", b"moof", b"mfra"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex"}),
    b"trak": frozenset({b"tkhd", b"mdia", b"edts"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd"}),
}
#: Say when it was recorded, in 4 bytes each, or 8 in version 1.
_DATED = (b"mvhd", b"tkhd", b"mdhd")
_PLAYED = (b"vide", b"soun")
#: Of a track that is taken out: an hour of one that says something fifty times a second.
_MOST_ROWS = 200_000


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    body: int
    end: int


def strip_mp4(editing: Editing) -> None:
    """Leave picture and sound of an MP4 alone.

    Raises `DamagedVideoError`, and `MoreThanPlayedError` where another track lies in fragments.
    """
    played = _walk(editing, b"", 0, editing.size)
    if not played:
        raise DamagedVideoError


def _boxes(editing: Editing, start: int, end: int) -> Iterator[_Box]:
    while start < end:
        head = editing.read(start, 16)
        size, body = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(head[8:], "big"), start + 16
        elif size == 0:
            size = end - start
        if len(head) < body - start or not body - start <= size <= end - start:
            raise DamagedVideoError
        yield _Box(head[4:8], start, body, start + size)
        start += size


def _walk(editing: Editing, within: bytes, start: int, end: int) -> int:
    """Collect what goes between ``start`` and ``end``; return how many tracks are played."""
    played = 0
    boxes = list(_boxes(editing, start, end))
    for box in boxes:
        if box.kind not in _KEPT[within]:
            _free(editing, box)
        elif box.kind == b"trak" and _handler(editing, box) not in _PLAYED:
            if any(one.kind == b"mvex" for one in boxes):
                raise MoreThanPlayedError
            _free_samples(editing, box)
            _free(editing, box)
        elif box.kind in _KEPT:
            played += (box.kind == b"trak") + _walk(editing, box.kind, box.body, box.end)
        elif box.kind in _DATED:
            version = editing.whole(box.body, box.body + 1)[0]
            editing.blank(box.body + 4, min(box.body + (20 if version else 12), box.end))
    return played


def _free(editing: Editing, box: _Box) -> None:
    editing.blank(box.start + 4, box.start + 8, b"free")
    editing.blank(box.body, box.end)


def _inside(editing: Editing, box: _Box, *path: bytes) -> _Box:
    for kind in path:
        found = [one for one in _boxes(editing, box.body, box.end) if one.kind == kind]
        if len(found) != 1:
            raise DamagedVideoError
        box = found[0]
    return box


def _handler(editing: Editing, track: _Box) -> bytes:
    box = _inside(editing, track, b"mdia", b"hdlr")
    return editing.whole(box.body + 8, box.body + 12)


def _free_samples(editing: Editing, track: _Box) -> None:
    """Blank what the track says by the second: where a camera was, what it heard a phone say."""
    table = _inside(editing, track, b"mdia", b"minf", b"stbl")
    parts = {box.kind: box for box in _boxes(editing, table.body, table.end)}
    wide = b"co64" in parts
    chunks = _numbers(editing, parts.get(b"co64" if wide else b"stco"), ">Q" if wide else ">I")
    runs = _numbers(editing, parts.get(b"stsc"), ">III")
    sizes = parts.get(b"stsz")
    if sizes is None:
        raise DamagedVideoError
    alike = int.from_bytes(editing.whole(sizes.body + 4, sizes.body + 8), "big")
    number = int.from_bytes(editing.whole(sizes.body + 8, sizes.body + 12), "big")
    each = [] if alike else [one for (one,) in _numbers(editing, sizes, ">I", at=8)]
    ends = [*(first for first, *_more in runs), len(chunks) + 1]
    done = 0
    for (_first, many, _kind), (begin, end) in zip(runs, pairwise(ends), strict=True):
        for chunk in chunks[begin - 1 : end - 1]:
            many_here = min(many, number - done)
            length = alike * many_here if alike else sum(each[done : done + many_here])
            editing.blank(chunk[0], chunk[0] + length)
            done += many_here


def _numbers(
    editing: Editing, box: _Box | None, shape: str, *, at: int = 4
) -> list[tuple[int, ...]]:
    """Return the rows of a table: how many stands at ``at`` of its body, the rows right behind."""
    if box is None:
        raise DamagedVideoError
    raw = editing.whole(box.body, box.end)
    number, width = (
        int.from_bytes(raw[at : at + 4], "big"),
        4 * shape.count("I") + 8 * shape.count("Q"),
    )
    rows = raw[at + 4 : at + 4 + number * width]
    if len(rows) != number * width or number > _MOST_ROWS:
        raise DamagedVideoError
    return list(iter_unpack(shape, rows))
