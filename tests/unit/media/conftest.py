import pytest

from tests.unit.media.relayed_visit import Visit
from tests.unit.media.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
async def two() -> Visit:
    return Visit()


@pytest.fixture
async def three() -> Visit:
    return Visit(2)
