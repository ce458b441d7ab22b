"""The command line: ``video-visit serve | demo | appointment | staff | token | audit | report | purge``."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

__all__ = ["COMMANDS", "main"]

COMMANDS: Final = {
    "appointment": "signaling.cli_appointments:appointment",
    "audit": "signaling.cli_audit:audit",
    "demo": "signaling.cli_serve:demo",
    "purge": "signaling.cli_reports:purge_command",
    "report": "signaling.cli_reports:report",
    "serve": "signaling.cli_serve:serve",
    "staff": "signaling.cli_staff:staff",
    "token": "signaling.cli_tokens:token",
}


class _Commands(click.Group):
    """Loads a command when it is asked for: the media plane alone takes longer to load than most of them to run."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="video-visit")
def main() -> None:
    """Serve a self-hosted video-visit server."""
