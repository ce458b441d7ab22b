"""``video-visit serve`` and ``video-visit demo``: what runs a node."""

from __future__ import annotations

import asyncio
import gc
import signal
from pathlib import Path

import click
from rich.console import Console

from signaling.cli_frame import config_option, told
from signaling.crash_dumps import forbid_crash_dumps
from signaling.demo import Demo
from signaling.logs import configure_logging
from signaling.server import Server
from signaling.settings import Settings, load_settings

__all__ = ["demo", "serve", "until_stopped"]


@click.command()
@config_option
@told
def serve(config: Path | None) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = load_settings(config)
    configure_logging(settings.log_format, settings.log_level)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    forbid_crash_dumps()
    async with Server.running(settings):
        _spare_the_loop()
        await until_stopped()


def _spare_the_loop() -> None:
    """Collect garbage seldom, and leave out what lives as long as the process.

    With thousands waiting, one full collection stood still for more than a second, and the relay with it. What this server
    drops is freed by reference counts; cycles are few.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1000)


async def until_stopped() -> None:
    """Wait for SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on one line instead of the table.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="HTTP port.")
@click.option(
    "--media-port", type=click.IntRange(0, 65535), default=40000, show_default=True, help="UDP port of all media."
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("demo-data"), show_default=True, help="Data folder."
)
@click.option("--lan", is_flag=True, help="Serve the local network over HTTPS with a certificate made on the spot.")
@told
def demo(*, as_json: bool, port: int, media_port: int, data: Path, lan: bool) -> None:
    """Serve sample appointments on this computer and print their links."""
    configure_logging("console", "warning")
    asyncio.run(_demo(Demo(port=port, media_port=media_port, data_dir=data, lan=lan), as_json=as_json))


async def _demo(demo: Demo, *, as_json: bool) -> None:
    forbid_crash_dumps()
    async with Server.running(demo.settings()) as server:
        summary = await demo.prepare(server)
        _spare_the_loop()
        if as_json:
            click.echo(summary.model_dump_json())
        else:
            demo.show(summary, Console())
        await until_stopped()
