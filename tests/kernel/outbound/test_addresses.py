"""Which addresses are public, whatever wraps them and however they are spelt."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.kernel.outbound.addresses import is_public
from feedback.kernel.outbound.targets import NotAllowed, check, target_of

PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1", "2001:2::1",
    "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "5f00::1", "100::1",
    "2a00:1450:4001::5efe:127.0.0.1", "2606:4700::1111%eth0",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255",
    "2606:4700:4700::1111", "2a00:1450:4001:82a::200e", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_a_private_address_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is(text: str) -> None:
    assert is_public(ip_address(text))


WRAPPED = {
    "mapped": lambda bits: 0xFFFF << 32 | bits,
    "compatible": lambda bits: bits,
    "translated": lambda bits: 0xFFFF << 48 | bits,
    "NAT64": lambda bits: 0x64FF9B << 96 | bits,
    "6to4": lambda bits: 0x2002 << 112 | bits << 80 | 1,
    "Teredo": lambda bits: 0x20010000 << 96 | 0x08080808 << 64 | ~bits & 0xFFFFFFFF,
}


@given(st.ip_addresses(v=4), st.sampled_from(sorted(WRAPPED)))
def test_what_is_wrapped_is_judged_by_what_is_in_it(inner: IPv4Address, how: str) -> None:
    assert is_public(IPv6Address(WRAPPED[how](int(inner)))) == is_public(inner)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_knows_to_be_private(
    address: IPv4Address | IPv6Address,
) -> None:
    """The other way round is not so: Python calls multicast and tunnelled loopback global."""
    if is_public(address) and not (address.version == 6 and "::ffff" in address.exploded):
        known = [address]
        if isinstance(address, IPv6Address):
            known = [inner for inner in (address.ipv4_mapped, address.sixtofour) if inner] or known
        assert all(one.is_global or str(address).startswith("64:ff9b::") for one in known)
        assert not any(one.is_loopback or one.is_link_local or one.is_multicast for one in known)


def spellings(address: IPv4Address) -> list[str]:
    """Return ``address`` as programs of old read it."""
    a, b, c, d = address.packed
    bits = int(address)
    return [
        str(bits), hex(bits), f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"{a:#o}.{b}.{c}.{d}".replace("0o", "0"), f"{a}.{bits & 0xFFFFFF}",
        f"{a}.{b}.{bits & 0xFFFF}", f"{a:03d}.{b:03d}.{c:03d}.{d:03d}", f"0x{a:x}.{bits & 0xFFFFFF}",
    ]  # fmt: skip


@given(st.ip_addresses(v=4))
def test_an_odd_spelling_of_an_address_is_none_or_that_address(address: IPv4Address) -> None:
    for host in spellings(address):
        try:
            target = target_of(f"http://{host}/")
        except NotAllowed:
            continue
        assert target.literal == address, host


@pytest.mark.parametrize(
    "url",
    [
        "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/", "http://1.2.3.4.5/", "http://a.0x7f/",
        "http://user@example.org/", "http://example.org@127.0.0.1/", "http://user:secret@example.org/", "http://@example.org/",
        "http://example.org\\@127.0.0.1/", "http://exa mple.org/", "http://example.org/\r\nHost: x", "http://example.org/a b",
        "http://[fe80::1%25eth0]/", "http://[::1", "http://[v1.x]/", "http://[1.2.3.4]/", "http:///path", "http:/example.org", "//example.org/",
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "example.org", "", "http://example.org:99999/",
        "http://example.org:0/", "http://example.org:22/", "http://example.org:abc/", "http://exa_mple..org/", "http://-a.example/",
        "http://a*.example/", "http://\u202eexample.org/", "http://" + "a" * 64 + ".example/", "http://" + "a." * 130 + "example/",
        "http://%31%32%37.0.0.1/",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://Hooks.Example.org", "hooks.example.org", 443, "/"),
        ("http://example.org.:8080/a?b=c&d=%20#e", "example.org", 8080, "/a?b=c&d=%20"),
        (
            "https://钩子.example/路?问=答",
            "xn--i8s974k.example",
            443,
            "/%E8%B7%AF?%E9%97%AE=%E7%AD%94",
        ),
        ("https://[2606:4700::1111]:8443/x", "2606:4700::1111", 8443, "/x"),
        ("http://8.8.8.8/", "8.8.8.8", 80, "/"),
        ("http://１２７.0.0.1/", "127.0.0.1", 80, "/"),
    ],
)
def test_a_plain_address_is_understood(url: str, host: str, port: int, path: str) -> None:
    target = target_of(url)
    assert (target.host, target.port, target.path) == (host, port, path)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_target_or_refused(text: str) -> None:
    for url in (
        text,
        f"https://{text}",
        f"http://example.org/{text}",
        f"http://example.org:{text}/",
    ):
        try:
            target = target_of(url)
        except NotAllowed:
            continue
        assert target.host.isascii() and target.path.isascii()
        assert not set(target.host + target.path) & set("\r\n\t @\\") - {"@"}
        assert "@" not in target.host


@pytest.mark.parametrize(
    ("allow", "host", "may"),
    [
        ([], "127.0.0.1", False),
        (["127.0.0.1/32"], "127.0.0.1", True),
        (["127.0.0.1/32"], "127.0.0.2", False),
        (["127.0.0.0/8"], "localhost", True),
        (["localhost"], "localhost", True),
        (["localhost"], "127.0.0.1", False),
        (["10.0.0.0/8"], "10.9.8.7", True),
        (["10.0.0.0/8"], "[::ffff:10.9.8.7]", False),
        (["::1/128"], "[::1]", True),
        (["8.8.8.8/32"], "192.168.0.1", False),
    ],
)
def test_what_the_operator_allows(allow: list[str], host: str, may: bool, settings: object) -> None:
    settings.OUTBOUND_ALLOW = allow
    if may:
        check(f"http://{host}:8080/")
    else:
        with pytest.raises(NotAllowed, match="HEED_OUTBOUND_ALLOW"):
            check(f"http://{host}:8080/")
