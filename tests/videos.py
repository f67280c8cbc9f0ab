"""Small videos, made by hand: an MP4 and a WebM with what a phone writes beside the picture."""

from typing import Any

#: Stands in whatever of a made video has to go.
PLACE = b"+52.5200+013.4050/ SecretPhone"


def box(kind: bytes, *inside: bytes, wide: bool = False) -> bytes:
    """Return a box of an MP4."""
    body = b"".join(inside)
    if wide:
        return b"\0\0\0\x01" + kind + (16 + len(body)).to_bytes(8, "big") + body
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def words(*numbers: int) -> bytes:
    """Return numbers of 32 bits, as a full box begins and goes on with."""
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def track(handler: bytes, at: int, sizes: list[int], *, udta: bool = True) -> bytes:
    """Return a track of one chunk at ``at``, recorded at a time that is told."""
    table = box(
        b"stbl",
        box(b"stsz", words(0, 0, len(sizes), *sizes)),
        box(b"stsc", words(0, 1, 1, len(sizes), 1)),
        box(b"stco", words(0, 1, at)),
    )
    media = box(
        b"mdia",
        box(b"mdhd", words(0, 3_800_000_000, 3_800_000_001, 600, 600, 0)),
        box(b"hdlr", words(0, 0), handler, words(0, 0, 0), b"\0"),
        box(b"minf", table),
    )
    notes = box(b"udta", box(b"\xa9xyz", PLACE)) if udta else b""
    return box(b"trak", box(b"tkhd", words(0, 3_800_000_000, 3_800_000_000, 1, 0)), media, notes)


def mp4(*, fragments: bool = False, more: bytes = b"", places: bool = True) -> bytes:
    """Return an MP4 with a picture, and where it was filmed: in boxes of every kind and in a track of its own."""
    head = box(b"ftyp", b"isom", words(512), b"isommp42")
    picture, sound = b"picture!" * 20, b"sound" * 4
    said = [PLACE, PLACE] if places else []
    data = box(b"mdat", picture, *said, sound, wide=True)
    begin = len(head) + 16
    told = track(b"meta", begin + len(picture), [len(one) for one in said])
    film = box(
        b"moov",
        box(b"mvhd", words(0, 3_800_000_000, 3_800_000_001, 600, 600)),
        track(b"vide", begin, [len(picture)]),
        track(b"soun", begin + len(picture) + len(b"".join(said)), [len(sound)], udta=False),
        told if places else b"",
        box(b"udta", box(b"\xa9xyz", PLACE), box(b"\xa9mod", PLACE)),
        box(b"meta", words(0), PLACE),
        box(b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8" * 2, PLACE),
        box(b"mvex") if fragments else b"",
    )
    return head + data + film + box(b"uuid", PLACE) + box(b"free", PLACE) + more


def element(kind: int, *inside: bytes, unknown: bool = False) -> bytes:
    """Return an element of a WebM, of 8 bytes of length or of none."""
    body = b"".join(inside)
    name = kind.to_bytes((kind.bit_length() + 7) // 8, "big")
    length = b"\x01" + (b"\xff" * 7 if unknown else len(body).to_bytes(7, "big"))
    return name + length + body


def webm(*, live: bool = False, kind: int = 1, more: bytes = b"") -> bytes:
    """Return a WebM with a picture and what was written beside it; ``live``: as a browser records it, without lengths."""
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    info = element(
        0x1549A966,
        element(0x2AD7B1, b"\x0f\x42\x40"),
        element(0x4D80, PLACE),
        element(0x4461, b"\0\0\0\0\0\0\0\x07"),
        element(0x7BA9, PLACE),
    )
    tracks = element(0x1654AE6B, element(0xAE, element(0x83, bytes([kind])), b"\x53\x6e\x82SP"))
    tags = element(0x1254C367, element(0x7373, PLACE))
    block = element(0xA3, b"\x81\0\0\x80", b"picture!" * 20)
    cluster = element(0x1F43B675, element(0xE7, b"\0"), block, unknown=live)
    rest = element(0x1941A469, PLACE)
    return head + element(0x18538067, info, tracks, tags, cluster, rest, more, unknown=live)


def kept(whole: Any) -> bytes:
    """Return the bytes that are handed out."""
    return b"".join(whole.streaming_content)
