"""Drawing a QR code (ISO/IEC 18004): bytes, error correction level L, versions 1 to 15, as SVG.

Enough for an address of an app for codes. A square is a list of rows; a cell is True where it is dark.
"""

from collections.abc import Callable, Iterator

#: Of versions 1 to 15 at level L: check bytes in each block, and blocks.
_CHECKS = (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22)
_BLOCKS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6)
_LEVEL_L = 1
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda x, y: (x + y) % 2 == 0,
    lambda x, y: y % 2 == 0,
    lambda x, y: x % 3 == 0,
    lambda x, y: (x + y) % 3 == 0,
    lambda x, y: (x // 3 + y // 2) % 2 == 0,
    lambda x, y: x * y % 2 + x * y % 3 == 0,
    lambda x, y: (x * y % 2 + x * y % 3) % 2 == 0,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2 == 0,
)
#: One mask for all: which of the eight is chosen makes no code wrong.
_MASK = 3
_QUIET = 4
Square = list[list[bool | None]]


def svg(text: str) -> str:
    """Return ``text`` as an SVG picture. Raises `ValueError` where it is too long."""
    cells = matrix(text)
    side = len(cells) + 2 * _QUIET
    drawn = "".join(
        f"M{x + _QUIET},{y + _QUIET}h1v1h-1z"
        for y, row in enumerate(cells)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0,0h{side}v{side}H0z"/><path fill="#000" d="{drawn}"/></svg>'
    )


def matrix(text: str) -> list[list[bool]]:
    """Return the dark cells of the code, without its quiet zone. Raises `ValueError` where it is too long."""
    data = text.encode()
    version = _version_for(len(data))
    size = 17 + 4 * version
    square: Square = [[None] * size for _row in range(size)]
    _draw_patterns(square, version)
    is_free = [[cell is None for cell in row] for row in square]
    bits = _bits_of(_with_checks(_packed(data, version), version))
    for x, y in _way(size):
        if is_free[y][x]:
            square[y][x] = next(bits, False) ^ _MASKS[_MASK](x, y)
    return [[bool(cell) for cell in row] for row in square]


def _version_for(length: int) -> int:
    for version in range(1, len(_CHECKS) + 1):
        if 4 + _length_bits(version) + 8 * length <= 8 * _data_bytes(version):
            return version
    raise ValueError("It is too long to be drawn.")


def _length_bits(version: int) -> int:
    return 8 if version < 10 else 16


def _all_bytes(version: int) -> int:
    cells = (16 * version + 128) * version + 64
    if version >= 2:
        aligned = version // 7 + 2
        cells -= (25 * aligned - 10) * aligned - 55
        if version >= 7:
            cells -= 36
    return cells // 8


def _data_bytes(version: int) -> int:
    return _all_bytes(version) - _CHECKS[version - 1] * _BLOCKS[version - 1]


def _packed(data: bytes, version: int) -> bytes:
    """Return mode, length and data, filled up to what the version holds."""
    bits = f"0100{len(data):0{_length_bits(version)}b}" + "".join(f"{byte:08b}" for byte in data)
    room = 8 * _data_bytes(version)
    bits += "0" * min(4, room - len(bits))
    bits += "0" * (-len(bits) % 8)
    packed = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    return packed + (b"\xec\x11" * room)[: room // 8 - len(packed)]


# --- Error correction: Reed and Solomon over GF(256) ----------------------------------------------------------------
def _times(a: int, b: int) -> int:
    product = 0
    for bit in range(7, -1, -1):
        product = (product << 1) ^ ((product >> 7) * 0x11D)
        product ^= (b >> bit & 1) * a
    return product


def _divisor(degree: int) -> list[int]:
    found, root = [0] * (degree - 1) + [1], 1
    for _step in range(degree):
        for at in range(degree):
            found[at] = _times(found[at], root) ^ (found[at + 1] if at + 1 < degree else 0)
        root = _times(root, 2)
    return found


def _checks_of(block: bytes, divisor: list[int]) -> bytes:
    rest = [0] * len(divisor)
    for byte in block:
        factor = byte ^ rest.pop(0)
        rest.append(0)
        rest = [one ^ _times(part, factor) for one, part in zip(rest, divisor, strict=True)]
    return bytes(rest)


def _with_checks(data: bytes, version: int) -> bytes:
    """Return data and checks of all blocks, byte by byte in turn; the last blocks may be a byte longer."""
    number, checks = _BLOCKS[version - 1], _CHECKS[version - 1]
    short = len(data) // number
    first_long = number - len(data) % number
    blocks, at = [], 0
    for index in range(number):
        length = short + (index >= first_long)
        blocks.append(data[at : at + length])
        at += length
    divisor = _divisor(checks)
    corrections = [_checks_of(block, divisor) for block in blocks]
    mixed = [block[n] for n in range(short + 1) for block in blocks if n < len(block)]
    mixed += [block[n] for n in range(checks) for block in corrections]
    return bytes(mixed)


# --- Drawing -------------------------------------------------------------------------------------------------------------
def _bits_of(data: bytes) -> Iterator[bool]:
    for byte in data:
        yield from (bool(byte >> bit & 1) for bit in range(7, -1, -1))


def _way(size: int) -> Iterator[tuple[int, int]]:
    """Yield the cells in which data may lie: two columns at a time from the right, up and down in turn."""
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        goes_up = (right + 1) & 2 == 0
        for step in range(size):
            y = size - 1 - step if goes_up else step
            yield from ((right, y), (right - 1, y))


def _draw_patterns(square: Square, version: int) -> None:
    size = len(square)
    for at in range(size):
        square[6][at] = square[at][6] = at % 2 == 0
    for x, y in ((3, 3), (size - 4, 3), (3, size - 4)):
        _draw_finder(square, x, y)
    places = _aligned_at(version)
    last = len(places) - 1
    for row, y in enumerate(places):
        for column, x in enumerate(places):
            if (row, column) not in ((0, 0), (0, last), (last, 0)):
                _draw_alignment(square, x, y)
    _draw_format(square)
    if version >= 7:
        _draw_version(square, version)


def _draw_finder(square: Square, x: int, y: int) -> None:
    for dy in range(-4, 5):
        for dx in range(-4, 5):
            if 0 <= x + dx < len(square) and 0 <= y + dy < len(square):
                square[y + dy][x + dx] = max(abs(dx), abs(dy)) not in (2, 4)


def _draw_alignment(square: Square, x: int, y: int) -> None:
    for dy in range(-2, 3):
        for dx in range(-2, 3):
            square[y + dy][x + dx] = max(abs(dx), abs(dy)) != 1


def _aligned_at(version: int) -> list[int]:
    if version == 1:
        return []
    number = version // 7 + 2
    step = (version * 4 + number * 2 + 1) // (number * 2 - 2) * 2
    size = 17 + 4 * version
    return [6, *sorted(size - 7 - step * n for n in range(number - 1))]


def _draw_format(square: Square) -> None:
    size, data = len(square), _LEVEL_L << 3 | _MASK
    rest = data
    for _step in range(10):
        rest = (rest << 1) ^ ((rest >> 9) * 0x537)
    whole = (data << 10 | rest) ^ 0x5412
    bits = [bool(whole >> n & 1) for n in range(15)]
    for n in range(6):
        square[n][8] = bits[n]
    square[7][8], square[8][8], square[8][7] = bits[6], bits[7], bits[8]
    for n in range(9, 15):
        square[8][14 - n] = bits[n]
    for n in range(8):
        square[8][size - 1 - n] = bits[n]
    for n in range(8, 15):
        square[size - 15 + n][8] = bits[n]
    square[size - 8][8] = True


def _draw_version(square: Square, version: int) -> None:
    rest = version
    for _step in range(12):
        rest = (rest << 1) ^ ((rest >> 11) * 0x1F25)
    bits = version << 12 | rest
    for n in range(18):
        far, near = len(square) - 11 + n % 3, n // 3
        square[near][far] = square[far][near] = bool(bits >> n & 1)
