"""A small database in MaxMind's format: countries of networks.

Source: MaxMind DB File Format Specification, version 2.0.
"""

import ipaddress
import struct
import time

TEXT, MAP, ARRAY = 2, 7, 11
UINT16, UINT32, UINT64 = 5, 6, 9
MARKER = b"\xab\xcd\xefMaxMind.com"


def control(kind, size):
    """Sizes up to 28 are in the first byte; kinds above 7 take a byte of their own."""
    assert size < 29
    return bytes([size, kind - 7]) if kind > 7 else bytes([kind << 5 | size])


def number(kind, value):
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return control(kind, len(data)) + data


def encode(value):
    if isinstance(value, bytes):
        return value  # encoded already
    if isinstance(value, str):
        data = value.encode()
        return control(TEXT, len(data)) + data
    if isinstance(value, list):
        return control(ARRAY, len(value)) + b"".join(map(encode, value))
    return control(MAP, len(value)) + b"".join(
        encode(part) for pair in value.items() for part in pair)


def bits_of(network):
    """Of an IPv6 tree, in which IPv4 addresses begin with 96 zeros."""
    network = ipaddress.ip_network(network)
    address = int(network.network_address)
    length = network.prefixlen + (96 if network.version == 4 else 0)
    return [(address >> (127 - i)) & 1 for i in range(length)]


def write_location_database(file, countries):
    """`countries`: {"192.0.2.0/24": "DE"}."""
    nodes, data = [[None, None]], b""
    leaves = {}
    for network, country in countries.items():
        offset = len(data)
        data += encode({"country": {"iso_code": country}})
        *way, last = bits_of(network)
        node = 0
        for bit in way:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        leaves[node, last] = offset

    def record(node, side):
        if (node, side) in leaves:
            return len(nodes) + 16 + leaves[node, side]
        following = nodes[node][side]
        return len(nodes) if following is None else following

    tree = b"".join(struct.pack(">I", record(node, side))[1:]
                    for node in range(len(nodes)) for side in (0, 1))
    about = encode({
        "binary_format_major_version": number(UINT16, 2),
        "binary_format_minor_version": number(UINT16, 0),
        "build_epoch": number(UINT64, int(time.time())),
        "database_type": "Test-Country",
        "description": {"en": "Made up for a test"},
        "ip_version": number(UINT16, 6),
        "languages": ["en"],
        "node_count": number(UINT32, len(nodes)),
        "record_size": number(UINT16, 24),
    })
    file.write_bytes(tree + bytes(16) + data + MARKER + about)
