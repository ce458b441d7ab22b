from __future__ import annotations

import pytest
from argon2 import PasswordHasher


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; these tests are about what is done with hashes."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr("signaling.passwords.PasswordHasher", lambda: quick)
