"""Copies that say what made them: text chunks and the IPTC digital source type, added without touching a pixel.

Chunks are inserted beside those that are there, so a C2PA manifest in the original's bytes is kept as it is; the
original file on disk is never changed.
"""

import struct
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

import msgspec

from core.made import AI_SOURCE

_PNG = b"\x89PNG\r\n\x1a\n"
_XMP_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_PNG = b"XML:com.adobe.xmp"

MOST_PROMPT = 32_000
"""Letters of a prompt that are written along."""


def tagged(data: bytes, prompt: str, made: Mapping[str, str]) -> bytes:
    """``data`` with its making written along; formats we know no safe way for come back as they are."""
    if data.startswith(_PNG):
        return _png(data, prompt[:MOST_PROMPT], made)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    return data


def xmp() -> bytes:
    """An XMP packet that names the digital source type."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f"Iptc4xmpExt:DigitalSourceType={quoteattr(AI_SOURCE)}/></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def _png(data: bytes, prompt: str, made: Mapping[str, str]) -> bytes:
    end = data.rfind(b"IEND") - 4
    if end < len(_PNG):
        return data
    note = msgspec.json.encode(dict(sorted(made.items())))
    chunks = _text(b"parameters", prompt.encode("utf-8", "replace")) + _text(b"novelgen", note)
    if _XMP_PNG not in data:
        chunks += _text(_XMP_PNG, xmp())
    return data[:end] + chunks + data[end:]


def _text(keyword: bytes, text: bytes) -> bytes:
    """An iTXt chunk: keyword, not compressed, no language, UTF-8."""
    return _chunk(b"iTXt", keyword + b"\0\0\0\0\0" + text.replace(b"\0", b""))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _jpeg(data: bytes) -> bytes:
    if _XMP_JPEG in data:
        return data
    at = 2
    while data[at : at + 2] == b"\xff\xe0":  # behind JFIF's own segment
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    body = _XMP_JPEG + xmp()
    return data[:at] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[at:]
