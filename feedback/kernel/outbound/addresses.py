"""Which addresses are public: where a request may go whose address a person typed.

`ipaddress.is_global` will not do: it calls multicast, site-local and tunnelled loopback addresses global. So the
networks stand here, as the special-purpose registries of IANA have them.
"""

from collections.abc import Iterator
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_PUBLIC_4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a provider's translation
        "127.0.0.0/8",
        "168.63.129.16/32",  # a public address by which Azure's machines reach their host
        "169.254.0.0/16",  # link-local, where clouds keep their machines' passwords
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
#: All that is assigned to hosts; loopback, local, link-local and multicast addresses lie outside.
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = [IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20")]
#: Networks whose last 32 bits are the address of IPv4 that is meant.
_CARRY_IN_THE_END = [
    IPv6Network(network)
    for network in ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")
]
_6TO4, _TEREDO = IPv6Network("2002::/16"), IPv6Network("2001::/32")
#: What stands before the IPv4 address in an interface of ISATAP.
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: Address) -> bool:
    """Whether ``address`` belongs to one host of the internet. What is tunnelled is judged by what is in it."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    carried = list(carried_by(address))
    if carried:
        return all(map(is_public, carried))
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def carried_by(address: IPv6Address) -> Iterator[IPv4Address]:
    """Yield the addresses of IPv4 that ``address`` leads to: mapped, translated (NAT64), 6to4 or Teredo."""
    bits = int(address)
    if any(address in network for network in _CARRY_IN_THE_END):
        yield IPv4Address(bits & 0xFFFFFFFF)
    elif address in _6TO4:
        yield IPv4Address((bits >> 80) & 0xFFFFFFFF)
    elif address in _TEREDO:
        yield IPv4Address((bits >> 64) & 0xFFFFFFFF)  # its server
        yield IPv4Address(~bits & 0xFFFFFFFF)  # the host itself


def as_network(text: str) -> Network | None:
    """Return the network, or the network of one address, that ``text`` names; None where it is neither."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
