"""Tasks that outlive their request end with the server, also one that has not heard the first asking."""

import asyncio

from cordboard.runtime.background import Background


async def test_a_task_that_has_lost_a_cancellation_is_asked_again() -> None:
    background, heard = Background(), 0

    async def deaf_once() -> None:
        nonlocal heard
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard += 1
                if heard == 2:
                    raise

    task = background.spawn(deaf_once(), "deaf once")
    await asyncio.sleep(0)
    await asyncio.wait_for(background.stop(), 10)
    assert task.cancelled()
    assert heard == 2
