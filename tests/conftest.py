from __future__ import annotations

import pytest
from hypothesis import settings

# Machines are shared: how long an example took says nothing about the code.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what happens in real time happen once more.

    Browsers, codecs and lossy lines share two cores with everything else on the machine, so one of some hundred such tests
    may starve although the code is right. What is wrong fails both times; the closing lines of a run name what ran twice.
    """
    for item in items:
        if item.nodeid.startswith(("tests/browser/", "tests/faults/")):
            item.add_marker(pytest.mark.flaky(reruns=1))
