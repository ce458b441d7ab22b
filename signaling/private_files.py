"""Files that hold what is not for everybody on the computer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

__all__ = ["open_private"]


def open_private(path: Path, *, new: bool = False) -> TextIO:
    """Open a text file for writing, readable by its owner alone.

    ``new`` refuses one that exists (`FileExistsError`); else it is emptied, and is its owner's alone from then on,
    whatever its rights were. Line ends are written as given.
    """
    flags = os.O_CREAT | os.O_WRONLY | (os.O_EXCL if new else os.O_TRUNC)
    file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", newline="")
    # A pipe or a terminal is somebody else's.
    if path.is_file():
        os.fchmod(file.fileno(), 0o600)
    return file
