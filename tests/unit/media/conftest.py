import pytest

from tests.unit.media.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()
