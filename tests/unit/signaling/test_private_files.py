from __future__ import annotations

import stat
from pathlib import Path

from signaling.private_files import open_private


def test_a_file_that_everybody_could_read_is_its_owners_alone_before_anything_stands_in_it(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("old")
    file.chmod(0o644)
    with open_private(file) as opened:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.read_text() == ""
        opened.write("new")
    assert file.read_text() == "new"
