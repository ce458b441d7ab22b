from __future__ import annotations

from media.room import MAX_ADMITTED
from waiting_room.visit import MEDIA_PLACES


def test_the_media_hold_as_many_people_as_the_domain_lets_in() -> None:
    assert MAX_ADMITTED == MEDIA_PLACES
