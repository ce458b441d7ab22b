"""Browsers that serve one test after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.async_api import Browser

from tests.support.browsers import chromium
from tests.support.marks import Filmed

__all__ = ["Shelf"]


class Shelf:
    """Keeps a running Chromium for each person. What one test did there is closed before the next gets it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._browsers: dict[Filmed, Browser] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def lent(self, person: Filmed) -> AsyncIterator[Browser]:
        """Lend the browser with this person before the camera; one that crashed is replaced."""
        browser = self._browsers.get(person)
        if browser is None or not browser.is_connected():
            browser = self._browsers[person] = await self._stack.enter_async_context(chromium(person, self._folder))
        try:
            yield browser
        finally:
            for context in browser.contexts:
                await context.close()
