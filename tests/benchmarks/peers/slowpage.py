"""A page with a prompt box, a send button and a fixed server-side latency: the same work for every engine measured.

usage: python slowpage.py PORT LATENCY_SECONDS     (loopback only; standard library only)

A browser opens six connections at most to a host that speaks HTTP/1.1, and the tabs of one browser share them. Sites
with long answers speak HTTP/2; here every page that is loaded asks one of many loopback addresses instead.

GET /           the page
POST /gen       (prompt) -> after LATENCY seconds: a turn with its image's url
GET /img/N.png  a PNG of about 150 KB
GET /stats      {"prompts": n, "images": n, "distinct": n, "seconds": from the first prompt to the last image,
                "first": moment of the first prompt by the system's monotonic clock}
"""

import asyncio
import json
import os
import struct
import sys
import time
import zlib

HOSTS = [f"127.0.0.{n}" for n in range(1, 65)] if sys.platform == "linux" else ["127.0.0.1"]

PAGE = b"""<!doctype html><title>slow page</title><main id=thread></main>
<form id=f><textarea id=prompt></textarea><button id=send type=submit>Send</button></form><script>
f.onsubmit=async e=>{e.preventDefault();const p=prompt_.value;prompt_.value='';send.disabled=true;
const r=await fetch(gen,{method:'POST',body:p});const j=await r.json();
const a=document.createElement('article');a.className='turn';const i=new Image();i.className='result';
i.src=j.url;i.alt=j.prompt;a.append(i);thread.append(a);send.disabled=false};
const prompt_=document.getElementById('prompt');
const gen=`http://127.0.0.${1+Math.floor(Math.random()*HOSTS)}:${location.port}/gen`;</script>""".replace(
    b"HOSTS", b"%d" % len(HOSTS)
)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(edge: int = 224) -> bytes:
    raw = b"".join(b"\0" + os.urandom(edge * 3) for _ in range(edge))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(raw, 0)) + chunk(b"IEND", b"")


class SlowPage:
    """Counts what it serves. Every picture has other bytes (a number behind IEND), as real ones have."""

    def __init__(self, latency: float) -> None:
        self.latency, self.picture = latency, png()
        self.prompts = self.images = 0
        self.seen: set[bytes] = set()
        self.first = self.last = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line, *headers = head.decode("latin1").split("\r\n")
                method, path, _ = line.split(" ")
                lengths = (int(h.split(":")[1]) for h in headers if h.lower().startswith("content-length"))
                body = await reader.readexactly(next(lengths, 0))
                code, kind, out = await self.answer(method, path, body)
                start = f"HTTP/1.1 {code}\r\nContent-Type: {kind}\r\nContent-Length: {len(out)}\r\n"
                start += "Access-Control-Allow-Origin: *\r\nCache-Control: no-store\r\n\r\n"
                writer.write(start.encode() + out)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, method: str, path: str, body: bytes) -> tuple[str, str, bytes]:
        if method == "POST" and path == "/gen":
            self.first = self.first or time.monotonic()
            self.prompts += 1
            number = self.prompts
            self.seen.add(body)
            await asyncio.sleep(self.latency)
            answer = {"url": f"/img/{number}.png", "prompt": body.decode()[:80]}
            return "200 OK", "application/json", json.dumps(answer).encode()
        if path.startswith("/img/"):
            self.images += 1
            self.last = time.monotonic()
            return "200 OK", "image/png", self.picture + path.encode()
        if path == "/stats":
            stats: dict[str, float] = {"prompts": self.prompts, "images": self.images, "distinct": len(self.seen)}
            stats |= {"seconds": self.last - self.first, "first": self.first}
            return "200 OK", "application/json", json.dumps(stats).encode()
        return ("200 OK", "text/html", PAGE) if path == "/" else ("404 Not Found", "text/html", b"")


async def main() -> None:
    page = SlowPage(float(sys.argv[2]))
    async with await asyncio.start_server(page.serve, HOSTS, int(sys.argv[1])) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
