"""One node, and the order in which it starts and stops (``docs/design.md``: who closes whom)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Self

import structlog

from media import Io, MediaNode, NodeSettings, VideoCodec
from signaling.accounts import Accounts
from signaling.data_folder import open_store
from signaling.node import Node
from signaling.settings import Settings
from signaling.visits import Visits
from waiting_room.store import Store

__all__ = ["Server"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """A running node. ``port`` and ``media_port`` are the bound ones."""

    port: int
    media_port: int
    store: Store
    visits: Visits
    accounts: Accounts

    @classmethod
    @asynccontextmanager
    async def running(cls, settings: Settings) -> AsyncIterator[Self]:
        """Run a node for the length of the block. Raises `StoreFailed`, `KeysUnreadable` or `OSError` when it cannot start."""
        async with AsyncExitStack() as stack:
            store = await open_store(settings)
            stack.push_async_callback(store.close)
            node = Node(settings, store)
            media = await MediaNode.open(
                NodeSettings(
                    settings.media_host,
                    settings.media_port,
                    tuple(settings.announced),
                    video_codecs=tuple(map(VideoCodec, settings.video_codecs)),
                    io=Io(settings.media_io),
                ),
                node.media.on_media_event,
            )
            stack.push_async_callback(media.close)
            node.attach(media)
            await node.directory.refresh()
            await node.visits.start()
            runner = await node.listen()
            stack.push_async_callback(runner.cleanup)
            with _one_failure_as_itself():
                async with asyncio.TaskGroup() as tasks:
                    work = (
                        node.visits.run,
                        node.screens.run,
                        node.echo_screens.run,
                        node.echo.run,
                        node.watch,
                        node.retain,
                        node.pages.compress,
                    )
                    running = [tasks.create_task(one()) for one in work]
                    log.info("node_started", port=runner.addresses[0][1], media_port=media.port)
                    try:
                        yield cls(runner.addresses[0][1], media.port, store, node.visits, node.accounts)
                    finally:
                        log.info("node_stopping")
                        await node.screens.dismiss_all("draining")
                        await node.echo_screens.dismiss_all("draining")
                        await node.sockets.close()
                        await runner.cleanup()
                        for task in running:
                            task.cancel()


@contextmanager
def _one_failure_as_itself() -> Iterator[None]:
    """Raise the failure of the block or of a task as what it is, where a task group would wrap it."""
    try:
        yield
    except BaseExceptionGroup as group:
        if len(group.exceptions) > 1:
            raise
        raise group.exceptions[0] from None
