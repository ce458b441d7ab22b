from typing import NoReturn

import pytest

from media.events import CloseReason, MediaEvent, TransportClosed
from media.node import MediaNode, NodeSettings


def _break_down(*_: object, **__: object) -> NoReturn:
    raise ValueError


@pytest.mark.parametrize("work", ["tick", "sweep"])
async def test_what_breaks_on_one_transport_ends_that_one_alone(work: str, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[MediaEvent] = []
    node = await MediaNode.open(NodeSettings(bind_host="127.0.0.1"), events.append)
    one, two = (node.room("room").open_endpoint(name, name).transport for name in ("one", "two"))
    worked: list[object] = []
    monkeypatch.setattr(one, work, _break_down)
    monkeypatch.setattr(two, work, lambda *_, **__: worked.append(two))
    node._awake |= {one, two}
    node._tick()
    node._sweep()
    assert worked == [two]
    assert [event.reason for event in events if isinstance(event, TransportClosed)] == [CloseReason.BROKEN]
    await node.close()


async def test_a_room_that_breaks_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    node = await MediaNode.open(NodeSettings(bind_host="127.0.0.1"), lambda _: None)
    swept: list[float] = []
    monkeypatch.setattr(node.room("one"), "sweep", _break_down)
    monkeypatch.setattr(node.room("two"), "sweep", swept.append)
    node._sweep()
    assert len(swept) == 1
    await node.close()
