from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from signaling import photos as module
from signaling.jpeg import Jpeg
from signaling.photo_messages import photos_of
from signaling.photos import LIVES_S, Photo, Photos
from tests.support.visits import NOON, PATIENT, in_progress
from waiting_room.model import ParticipantPhase, Visit, VisitPhase


class Album:
    """Photos on a clock that tests move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.photos = Photos(monotonic=lambda: self.now)
        self._numbers = count(1)

    def send(self, visit: str = "v1", *, size: int = 10) -> Photo:
        return self.photos.keep(f"p{next(self._numbers)}", visit, PATIENT.id, NOON, Jpeg(4032, 3024, b"x" * size))

    def ids(self, visit: str = "v1") -> list[str]:
        return [one.id for one in self.photos.of(visit)]


@pytest.fixture
def album() -> Album:
    return Album()


def test_the_newest_four_of_a_visit_are_kept(album: Album) -> None:
    for _ in range(6):
        album.send()
    assert album.ids() == ["p3", "p4", "p5", "p6"]
    assert album.photos.find("p2") is None


def test_over_the_cap_of_the_node_the_oldest_of_any_visit_go(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OF_ALL_VISITS", 25)
    for visit in ("v1", "v2", "v3"):
        album.send(visit)
    assert (album.ids("v1"), album.ids("v2"), album.ids("v3")) == ([], ["p2"], ["p3"])


def test_a_photo_is_forgotten_after_its_time(album: Album) -> None:
    album.send()
    album.now = LIVES_S - 1
    album.send("v2")
    assert album.photos.expire() == set()
    album.now = LIVES_S
    assert album.photos.expire() == {"v1"}
    assert (album.ids("v1"), album.ids("v2")) == ([], ["p2"])


def test_a_photo_answers_the_request_and_a_request_grows_old_too(album: Album) -> None:
    album.photos.ask("v1", "a1", "Sample Nurse")
    album.photos.ask("v2", "a2", "Sample Nurse")
    album.send("v1")
    asked = album.photos.asked("v2")
    assert album.photos.asked("v1") is None
    assert asked is not None
    assert asked.id == "a2"
    album.now = LIVES_S
    assert album.photos.expire() == {"v1", "v2"}
    assert album.photos.asked("v2") is None


def without_patient(visit: Visit) -> Visit:
    out = tuple(
        replace(one, phase=ParticipantPhase.REMOVED) if one.id == PATIENT.id else one for one in visit.participants
    )
    return replace(visit, participants=out)


def test_a_photo_stays_while_the_visit_goes_on_and_goes_with_its_end_or_its_sender(album: Album) -> None:
    visit = in_progress().visit
    for after in (replace(visit, phase=VisitPhase.ENDED), without_patient(visit)):
        album.send(visit.id)
        album.photos.follow(visit)
        assert len(album.ids(visit.id)) == 1
        album.photos.follow(after)
        assert album.ids(visit.id) == []


def test_the_end_of_a_visit_is_the_end_of_its_request(album: Album) -> None:
    visit = in_progress().visit
    album.photos.ask(visit.id, "a1", "Sample Nurse")
    album.photos.follow(visit)
    assert album.photos.asked(visit.id) is not None
    album.photos.follow(replace(visit, phase=VisitPhase.ENDED))
    assert album.photos.asked(visit.id) is None


def test_staff_are_told_who_sent_it_when_and_how_large_it_is(album: Album) -> None:
    visit = in_progress().visit
    album.send(visit.id)
    (card,) = photos_of(visit, album.photos)
    assert (card.id, card.name, card.at, card.width, card.height) == ("p1", "Sample Patient", NOON, 4032, 3024)
    assert "Sample" not in repr(card)
    assert "xxx" not in repr(album.photos.of(visit.id))
