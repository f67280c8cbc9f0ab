"""WebM (EBML, RFC 8794 and 9559): elements within elements. What is not needed to play becomes ``Void`` elements of zeros."""

from dataclasses import dataclass

from feedback.kernel.videos.editing import DamagedVideoError, Editing, MoreThanPlayedError

_EBML, _SEGMENT, _VOID = 0x1A45DFA3, 0x18538067, 0xEC
_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES = 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B  # fmt: skip
_TRACK, _TRACK_TYPE, _TRACK_NAME = 0xAE, 0x83, 0x536E
#: What stays of the whole: no tags, attachments and chapters.
_OF_SEGMENT = frozenset({_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES})
#: What a browser records has no length: the parts of a cluster follow it as if beside it. Timestamp, position, size before, blocks.
_OF_CLUSTER = frozenset({0xE7, 0xA7, 0xAB, 0xA3, 0xA0})
#: TimestampScale and Duration. The names of two programs have to be there, and say nothing.
_OF_INFO, _PROGRAMS = frozenset({0x2AD7B1, 0x4489}), frozenset({0x4D80, 0x5741})
_PLAYED = (1, 2)


@dataclass(frozen=True)
class _Element:
    kind: int
    start: int
    body: int
    #: None where it has no length.
    end: int | None


def strip_webm(editing: Editing) -> None:
    """Leave picture and sound of a WebM alone. Raises `DamagedVideoError`, and `MoreThanPlayedError` where there is another track."""
    head = _element(editing, 0, editing.size)
    if head.kind != _EBML or head.end is None:
        raise DamagedVideoError
    segment = _element(editing, head.end, editing.size)
    if segment.kind != _SEGMENT or segment.end not in (None, editing.size):
        raise DamagedVideoError
    at, kept, played = segment.body, _OF_SEGMENT, 0
    while at < editing.size:
        one = _element(editing, at, editing.size)
        if one.kind == _CLUSTER and one.end is None:
            at, kept = one.body, _OF_SEGMENT | _OF_CLUSTER
            continue
        if one.end is None:
            raise DamagedVideoError
        if one.kind not in kept:
            _void(editing, one)
        elif one.kind == _INFO:
            _strip_info(editing, one)
        elif one.kind == _TRACKS:
            played += _strip_tracks(editing, one)
        at = one.end
    if not played:
        raise DamagedVideoError


def _element(editing: Editing, at: int, end: int) -> _Element:
    """Return what begins at ``at``. Raises `DamagedVideoError` where it goes on beyond ``end``."""
    head = editing.read(at, 12)
    wide = 9 - head[0].bit_length() if head else 9
    if wide > 4 or len(head) <= wide or not head[wide]:
        raise DamagedVideoError
    long = 9 - head[wide].bit_length()
    said = head[wide : wide + long]
    if len(said) < long:
        raise DamagedVideoError
    most = (1 << 7 * long) - 1
    size, body = int.from_bytes(said, "big") & most, at + wide + long
    stop = None if size == most else body + size
    if max(stop or 0, body) > end:
        raise DamagedVideoError
    return _Element(int.from_bytes(head[:wide], "big"), at, body, stop)


def _within(editing: Editing, parent: _Element) -> list[_Element]:
    found, at = [], parent.body
    while parent.end is not None and at < parent.end:
        one = _element(editing, at, parent.end)
        if one.end is None:
            raise DamagedVideoError
        found.append(one)
        at = one.end
    return found


def _void(editing: Editing, one: _Element) -> None:
    """Make of ``one`` an element that says nothing, of the same length."""
    assert one.end is not None
    length = one.end - one.start
    if length < 9:
        head = bytes([_VOID, 0x80 | length - 2])
    else:
        head = bytes([_VOID, 0x01]) + (length - 9).to_bytes(7, "big")
    editing.blank(one.start, one.end, head)


def _strip_info(editing: Editing, info: _Element) -> None:
    for one in _within(editing, info):
        if one.kind in _PROGRAMS and one.end is not None:
            editing.blank(one.body, one.end)
        elif one.kind not in _OF_INFO:
            _void(editing, one)


def _strip_tracks(editing: Editing, tracks: _Element) -> int:
    """Take the names of the tracks away; return how many there are."""
    played = 0
    for one in _within(editing, tracks):
        if one.kind != _TRACK:
            _void(editing, one)
            continue
        for said in _within(editing, one):
            if said.kind == _TRACK_NAME:
                _void(editing, said)
            elif said.kind == _TRACK_TYPE and said.end is not None:
                if int.from_bytes(editing.whole(said.body, said.end), "big") not in _PLAYED:
                    raise MoreThanPlayedError
                played += 1
    return played
