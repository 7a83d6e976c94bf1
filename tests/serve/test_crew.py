"""Which request is handed to a reader that is free."""

from __future__ import annotations

import asyncio

from detente.serve.crew import Crew, kind_of
from detente.serve.settings import ServeSettings
from detente.serve.worker import Duty
from detente.settings import Settings


def test_one_long_list_before_lets_nobody_be_overtaken() -> None:
    async def handed() -> bool:
        crew = Crew([Duty("read", 0, "", ServeSettings(), Settings())])
        reader = await crew._free("api/events", 0.0)
        crew._note("api/events", 5.0)
        first = asyncio.create_task(crew._free("api/events", 0.0))
        await asyncio.sleep(0)
        for _ in range(30):
            crew._note("api/events", 0.001)
        second = asyncio.create_task(crew._free("api/events", 0.0))
        await asyncio.sleep(0.01)
        reader.busy -= 1
        crew._next()
        await asyncio.wait_for(first, 5)
        waits = not second.done()
        second.cancel()
        return waits

    assert asyncio.run(handed())


def test_lists_of_hundreds_are_a_kind_of_their_own() -> None:
    assert kind_of("/api/events", b"limit=5000") == kind_of("/api/events", b"actor=RUS&limit=100") != kind_of("/api/events", b"limit=50")
    assert kind_of("/api/events", b"limit=50") == kind_of("/api/events") == "api/events"
    assert kind_of("/api/events/e_1") == "api/events/*"
