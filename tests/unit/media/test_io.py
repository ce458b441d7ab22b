import pytest
import structlog
from structlog.testing import LogCapture, ReturnLogger

from media import batched_port
from media.io import Io, open_port
from media.node import MediaNode, NodeSettings
from media.stats import Counters


@pytest.mark.parametrize(
    ("io", "working", "opened"),
    [
        (Io.AUTO, (True, False), "segmented"),
        (Io.AUTO, (False,), "batched"),
        (Io.AUTO, (), "plain"),
        (Io.PLAIN, (True, False), "plain"),
        (Io.BATCHED, (), "batched"),
        (Io.SEGMENTED, (), "segmented"),
    ],
)
def test_auto_is_the_best_that_works_and_any_other_is_itself(
    io: Io, working: tuple[bool, ...], opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batched_port, "works", lambda _, *, joins: joins in working)
    port = open_port(io, "127.0.0.1", 0, Counters(), lambda: 0.0)
    port.close()
    assert port.io == opened


async def test_a_node_says_how_it_reads_and_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    # A logger of its own: the module's keeps for good the stream that it was first used with, perhaps by another test.
    lines = LogCapture()
    monkeypatch.setattr(
        "media.node.log", structlog.wrap_logger(ReturnLogger(), processors=[lines], wrapper_class=structlog.BoundLogger)
    )
    node = await MediaNode.open(NodeSettings(bind_host="127.0.0.1", io=Io.PLAIN), lambda _: None)
    await node.close()
    assert node.stats().io == "plain"
    assert lines.entries[0] == {
        "event": "media_node_opened",
        "port": node.port,
        "io": "plain",
        "log_level": "info",
    }
