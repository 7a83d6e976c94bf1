"""What the processes of a server say to one another, over a pair of connected sockets that nobody else can reach."""

from __future__ import annotations

import asyncio
import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..store.pins import Pin

_HEAD = struct.Struct(">I")
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request of HTTP. `scope`: what ASGI calls so, as far as it is plain data; `pin`: what it is to be answered at, None for now."""

    number: int
    scope: Mapping[str, Any]
    body: bytes
    pin: Pin | None


@dataclass(frozen=True, slots=True)
class Stop:
    """Nobody waits for an answer any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to a request; `seconds` that it took."""

    number: int
    status: int
    headers: Headers
    body: bytes
    seconds: float

    def header(self, name: bytes) -> bytes:
        """The value of a header; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    @property
    def size(self) -> int:
        """Bytes that it takes to keep it; too many for what must not be kept."""
        keeps = self.status == 200 and self.header(b"etag") and b"no-store" not in self.header(b"cache-control")
        return len(self.body) + 500 if keeps and not self.header(b"set-cookie") else 1 << 62


@dataclass(frozen=True, slots=True)
class Build:
    """Make the sorted copy of the store at a pin in a folder, and bring the index of the search up to it."""

    number: int
    pin: Pin
    folder: Path


@dataclass(frozen=True, slots=True)
class Take:
    """Read from the sorted copy in a folder where its pin is asked for."""

    number: int
    pin: Pin
    folder: Path


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Fold what was stored and not folded, as by a process that ended half-way."""

    number: int


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was to be done is done; `error` says why it is not, in words."""

    number: int
    error: str = ""


Message = Ask | Stop | Told | Build | Take | CatchUp | Done


async def receive(reader: asyncio.StreamReader) -> Message | None:
    """The next message; None when the other side is gone."""
    try:
        head = await reader.readexactly(_HEAD.size)
        body = await reader.readexactly(_HEAD.unpack(head)[0])
    except (asyncio.IncompleteReadError, ConnectionError):  # a process that ends closes its side: that is the message
        return None
    found: Message = pickle.loads(body)  # of a process that this one started, over a socket that has no name
    return found


def send(writer: asyncio.StreamWriter, message: Message) -> None:
    """Sends a message; it leaves as soon as the other side takes it."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    writer.write(_HEAD.pack(len(body)) + body)
