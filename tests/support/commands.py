"""The operator's commands in processes of their own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from signaling.data_folder import open_store
from signaling.settings import load_settings
from waiting_room.model import Role
from waiting_room.store import StaffAccount


def run(*arguments: str, data: Path, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``video-visit`` on this data folder, with these settings."""
    facts = {f"VIDEO_VISIT_{name.upper()}": value for name, value in environment.items()}
    return subprocess.run(
        [sys.executable, "-m", "signaling", *arguments],
        env=os.environ | {"VIDEO_VISIT_DATA_DIR": str(data)} | facts,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def printed(*arguments: str, data: Path, **environment: str) -> str:
    """Run a command that must succeed, and return what it printed."""
    done = run(*arguments, data=data, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


def hire(data: Path, *usernames: str) -> Path:
    """Give the data folder these providers, without the time that a password takes, and return it."""

    async def add() -> None:
        store = await open_store(load_settings(data_dir=data))
        for username in usernames:
            await store.add_staff(StaffAccount(username, username, username, Role.PROVIDER, ""))
        await store.close()

    asyncio.run(add())
    return data
