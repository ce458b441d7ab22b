"""A page's socket to a server in another process, and nothing else of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import socketio


@dataclass
class Page:
    """A page's socket with its newest snapshot."""

    client: Any
    namespace: str
    shown: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def open(cls, base: str, namespace: str, token: str) -> Page:
        page = cls(socketio.AsyncClient(reconnection=False), namespace)
        page.client.on("snapshot", page.shown.update, namespace=namespace)
        await page.client.connect(base, namespaces=[namespace], transports=["websocket"], auth={"token": token})
        return page

    async def ask(self, event: str, argument: object) -> dict[str, Any]:
        return dict(await self.client.call(event, argument, namespace=self.namespace))

    async def ok(self, event: str, argument: object) -> Any:
        answer = await self.ask(event, argument)
        assert "ok" in answer, answer
        return answer["ok"]
