"""One SQLite file and its transactions: WAL, synchronous=FULL, so what was acknowledged survives ``kill -9`` and power loss.

Several processes may use the file (the server, the command line): each write is one ``BEGIN IMMEDIATE`` transaction.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self, TypeVar

import aiosqlite

from waiting_room.errors import StoreFailed
from waiting_room.sqlite_migration import upgrade

__all__ = ["SqliteFile"]

_PATIENCE: Final = "busy_timeout=5000"
_PRAGMAS: Final = (
    _PATIENCE,
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    # What retention took out is overwritten, not only unlinked.
    "secure_delete=ON",
)

_WRITE_TEST: Final = "INSERT OR REPLACE INTO write_test VALUES (1, zeroblob(16384))"
"""About as many pages as a commit writes."""

Answer = TypeVar("Answer")
Work = Callable[[aiosqlite.Connection], Awaitable[Answer]]


class SqliteFile:
    """The connection to the file. Make it with `open`."""

    def __init__(self, connection: aiosqlite.Connection, clock: Callable[[], datetime]) -> None:
        self._connection = connection
        self._clock = clock
        # One connection: statements of two coroutines must not mix within one transaction.
        self._turn = asyncio.Lock()
        self._seen_data_version: int | None = None
        self._last_write_failed = False
        self._log_holds_forgotten = False
        self._closed = False

    @classmethod
    async def open(cls, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Self:
        """Open the file, making or upgrading it where needed; readable by its owner alone. Raises `StoreFailed`."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = await aiosqlite.connect(path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreFailed(reason=type(error).__name__) from error
        # Bytes that are no text must not hide the rows beside them; no text that we write reads like these.
        connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
        store = cls(connection, clock)
        try:
            await store._prepare()
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Let go of the file. Idempotent."""
        if not self._closed:
            self._closed = True
            await self._connection.close()

    @property
    def last_write_failed(self) -> bool:
        """See `Store.last_write_failed`."""
        return self._last_write_failed

    async def try_write(self) -> bool:
        """See `Store.try_write`."""

        async def write(db: aiosqlite.Connection) -> None:
            await db.execute(_WRITE_TEST)

        with suppress(StoreFailed):
            await self._write(write)
        return not self._last_write_failed

    async def changed_elsewhere(self) -> bool:
        """See `VisitStore.changed_elsewhere`: SQLite's data_version moves when another connection commits."""
        async with self._reading() as db:
            ((version,),) = await db.execute_fetchall("PRAGMA data_version")
        changed = self._seen_data_version not in {None, version}
        self._seen_data_version = version
        return changed

    async def _prepare(self) -> None:
        async with self._reading() as db:
            for pragma in _PRAGMAS:
                await db.execute(f"PRAGMA {pragma}")
        # A process that was killed may have left in the log what was forgotten.
        await self._write(upgrade, forgets=True)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[aiosqlite.Connection]:
        async with self._turn:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise StoreFailed(reason=getattr(error, "sqlite_errorname", type(error).__name__)) from error
            except (ValueError, OverflowError) as error:
                # aiosqlite answers ValueError once closed. Not chained: an encoder's text shows the value.
                raise StoreFailed(reason=type(error).__name__) from None

    async def _write(self, work: Work[Answer], *, forgets: bool = False) -> Answer:
        """Do the work in one transaction, whole or not at all, even when the caller is cancelled in the middle.

        ``forgets``: what it takes out must not be found in the write-ahead log either.
        """
        transaction = asyncio.ensure_future(self._transact(work, forgets=forgets))
        try:
            return await asyncio.shield(transaction)
        except asyncio.CancelledError:
            # The statements run in a thread that cannot be stopped: leaving now would leave a transaction open.
            await asyncio.wait([transaction])
            raise

    async def _transact(self, work: Work[Answer], *, forgets: bool) -> Answer:
        async with self._reading() as db:
            changes = db.total_changes
            try:
                await db.execute("BEGIN IMMEDIATE")
                answer = await work(db)
                await db.execute("COMMIT")
            except BaseException as error:
                self._last_write_failed |= _is_trouble(error)
                if db.in_transaction:
                    await db.execute("ROLLBACK")
                raise
            # A transaction that changed nothing asked nothing of the disk.
            self._last_write_failed &= db.total_changes == changes
            self._log_holds_forgotten |= forgets
            if self._log_holds_forgotten:
                self._log_holds_forgotten = not await _empty_log(db)
            return answer


async def _empty_log(db: aiosqlite.Connection) -> bool:
    """Empty the write-ahead log, and return whether that went. Where another process reads from it, the next write tries again."""
    await db.execute("PRAGMA busy_timeout=0")
    try:
        ((busy, _, _),) = await db.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        # What was written is kept all the same.
        return False
    finally:
        await db.execute(f"PRAGMA {_PATIENCE}")
    return not busy


def _is_trouble(error: BaseException) -> bool:
    """Whether the file or the disk is at fault, not what was asked."""
    ours = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, ours)
