"""A photo goes from the patient in a visit to the staff who are in it, and to nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO

import pytest

from signaling import api_photos
from signaling.photos import LARGEST
from tests.support.clinic import PASSWORD, Clinic, Json, Wire, first_row
from tests.support.photos import jpeg, segment
from waiting_room.errors import StoreFailed

PHOTOS = "/api/v1/visits/photos"
PICTURE = jpeg(size=(4032, 3024), scan=b"a picture")


@dataclass
class Person:
    """One who has a token and a socket."""

    token: str
    wire: Wire


@dataclass
class Room:
    """A patient and the provider in a visit, with the tokens that their pages hold."""

    clinic: Clinic
    code: str
    patient: Person
    provider: Person

    @property
    def visit(self) -> Json:
        return {"visit": self.provider.wire.now["visit"]["id"]}

    @property
    def person(self) -> Json:
        return self.visit | {"participant": self.patient.wire.now["me"]["id"]}


async def sign_in(clinic: Clinic, username: str) -> Person:
    _, body = await clinic.post("/api/v1/staff/sign-in", {"username": username, "password": PASSWORD})
    wire = await clinic.connect("/care", body["token"])
    await wire.shows(lambda it: "queue" in it, "the queue")
    return Person(body["token"], wire)


async def come(clinic: Clinic, code: str) -> Person:
    token = (await clinic.redeem(code))["token"]
    return Person(token, await clinic.connect("/visit", token))


@pytest.fixture
async def room(clinic: Clinic) -> Room:
    code = await clinic.book(provider=None)
    patient, provider = await come(clinic, code), await sign_in(clinic, "sample.provider")
    await patient.wire.ok("waiting.join")
    await provider.wire.ok("visit.admit", await first_row(provider.wire))
    await patient.wire.shows(lambda it: it["me"]["phase"] == "in_visit", "admitted")
    await provider.wire.shows(lambda it: it["visit"] is not None, "in the visit")
    return Room(clinic, code, patient, provider)


async def send(
    clinic: Clinic, token: str, body: bytes | AsyncIterator[bytes] = PICTURE, content_type: str = "image/jpeg"
) -> tuple[int, Json]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type}
    data = BytesIO(body) if isinstance(body, bytes) else body
    async with clinic.http.post(f"{clinic.settings.base_url}{PHOTOS}", data=data, headers=headers) as answer:
        return answer.status, await answer.json()


async def sent(room: Room) -> str:
    status, body = await send(room.clinic, room.patient.token)
    assert status == 200, body
    return str(body["photo"])


async def slowly(go_on: asyncio.Event) -> AsyncIterator[bytes]:
    yield PICTURE[:10]
    await go_on.wait()
    yield PICTURE[10:]


async def view(clinic: Clinic, token: str, photo: str) -> tuple[int, bytes, dict[str, str]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with clinic.http.get(f"{clinic.settings.base_url}{PHOTOS}/{photo}", headers=headers) as answer:
        return answer.status, await answer.read(), dict(answer.headers)


async def is_hidden_from(clinic: Clinic, token: str, photo: str) -> bool:
    status, body, _ = await view(clinic, token, photo)
    return status in {401, 404} and b"picture" not in body


async def test_staff_in_the_visit_are_told_of_a_photo_and_shown_it(room: Room) -> None:
    photo = await sent(room)
    shown = await room.provider.wire.shows(lambda it: bool(it["visit"]["photos"]), "a photo")
    (card,) = shown["visit"]["photos"]
    assert (card["id"], card["name"], card["width"], card["height"]) == (photo, "Sample Patient", 4032, 3024)
    status, body, headers = await view(room.clinic, room.provider.token, photo)
    assert (status, body) == (200, PICTURE)
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert (headers["X-Content-Type-Options"], headers["X-Accel-Buffering"]) == ("nosniff", "no")


async def test_the_trail_tells_who_asked_sent_and_looked_and_not_what_was_seen(room: Room) -> None:
    await room.provider.wire.ok("photo.ask", room.visit)
    photo = await sent(room)
    await view(room.clinic, room.provider.token, photo)
    entries = await room.clinic.server.store.entries()
    told = [(one.kind, one.role, dict(one.facts)) for one in entries if one.kind.startswith("Photo")]
    assert told == [
        ("PhotoAsked", "provider", {}),
        ("PhotoSent", "patient", {"participant": room.person["participant"], "photo": photo}),
        ("PhotoViewed", "provider", {"photo": photo}),
    ]


async def test_where_it_was_taken_does_not_reach_the_staff(room: Room) -> None:
    place = jpeg(segment(0xE1, b"Exif: 42.65 N, 73.75 W"))
    _, body = await send(room.clinic, room.patient.token, place)
    _, seen, _ = await view(room.clinic, room.provider.token, body["photo"])
    assert seen == jpeg()


async def test_a_request_stands_on_the_patients_page_until_a_photo_comes(room: Room) -> None:
    await room.provider.wire.ok("photo.ask", room.visit)
    shown = await room.patient.wire.shows(lambda it: it["photo_ask"] is not None, "asked")
    assert shown["photo_ask"]["name"] == "Dr. Sample Provider"
    assert (await room.provider.wire.shows(lambda it: it["visit"]["photo_asked"], "asked"))["visit"]["photos"] == []
    await sent(room)
    await room.patient.wire.shows(lambda it: it["photo_ask"] is None, "answered")
    await room.provider.wire.shows(lambda it: not it["visit"]["photo_asked"], "answered")


async def test_only_staff_in_the_visit_may_ask(room: Room) -> None:
    nurse = await sign_in(room.clinic, "sample.nurse")
    assert await nurse.wire.refused("photo.ask", room.visit) == "no_media"
    await room.provider.wire.ok("visit.hold", room.person)
    assert await room.provider.wire.refused("photo.ask", room.visit) == "wrong_state"


async def test_nobody_outside_of_the_visit_is_shown_a_photo(room: Room) -> None:
    photo, clinic = await sent(room), room.clinic
    nurse, other, desk = [await sign_in(clinic, name) for name in ("sample.nurse", "other.provider", "sample.desk")]
    second_window = await sign_in(clinic, "sample.provider")
    for token in (nurse.token, other.token, desk.token, second_window.token, room.patient.token, "", "x"):
        assert await is_hidden_from(clinic, token, photo)
    assert await is_hidden_from(clinic, room.provider.token, "another")
    elsewhere = await come(clinic, await clinic.book())
    await elsewhere.wire.ok("waiting.join")
    await nurse.wire.ok("visit.admit", await first_row(nurse.wire))
    await nurse.wire.shows(lambda it: it["visit"] is not None, "in another visit")
    assert nurse.wire.now["visit"]["photos"] == []
    assert await is_hidden_from(clinic, nurse.token, photo)


async def test_one_who_left_the_visit_or_was_dismissed_is_not_shown_it_any_more(room: Room) -> None:
    nurse = await sign_in(room.clinic, "sample.nurse")
    await nurse.wire.ok("visit.enter", room.visit)
    photo = await sent(room)
    await nurse.wire.shows(lambda it: bool(it["visit"] and it["visit"]["photos"]), "a photo")
    assert (await view(room.clinic, nurse.token, photo))[0] == 200
    await nurse.wire.ok("visit.leave", room.visit)
    assert await is_hidden_from(room.clinic, nurse.token, photo)
    await nurse.wire.ok("visit.enter", room.visit)
    assert (await view(room.clinic, nurse.token, photo))[0] == 200
    await room.clinic.post("/api/v1/staff/sign-out", {}, headers={"Authorization": f"Bearer {nurse.token}"})
    assert await is_hidden_from(room.clinic, nurse.token, photo)


async def test_a_photo_goes_with_the_visit(room: Room) -> None:
    photo = await sent(room)
    await room.provider.wire.ok("visit.end", room.visit)
    assert await is_hidden_from(room.clinic, room.provider.token, photo)
    assert room.clinic.node.photos.find(photo) is None
    assert (await send(room.clinic, room.patient.token))[1]["error"]["code"] == "link_ended"


async def test_a_photo_goes_with_one_who_is_removed(room: Room) -> None:
    photo = await sent(room)
    await room.provider.wire.ok("visit.remove", room.person)
    assert room.clinic.node.photos.find(photo) is None
    assert (await send(room.clinic, room.patient.token))[1]["error"]["code"] == "removed"


async def test_a_photo_goes_after_ten_minutes_and_the_page_hears_of_it(room: Room) -> None:
    photo = await sent(room)
    await room.provider.wire.shows(lambda it: bool(it["visit"]["photos"]), "a photo")
    room.clinic.node.photos._monotonic = lambda: time.monotonic() + 600
    await room.provider.wire.shows(lambda it: not it["visit"]["photos"], "no photo")
    assert await is_hidden_from(room.clinic, room.provider.token, photo)


async def test_only_the_patient_and_companions_who_are_in_the_visit_send(room: Room) -> None:
    clinic, codes = room.clinic, {}
    for role in ("companion", "interpreter"):
        asked = room.visit | {"role": role, "name": "Sample Guest", "minutes": 30}
        url = (await room.provider.wire.ok("visit.invite", asked))["url"]
        guest = await come(clinic, url.partition("#")[2])
        await guest.wire.ok("waiting.join")
        waiting = (await send(clinic, guest.token))[1]
        guest_id = guest.wire.now["me"]["id"]
        await room.provider.wire.ok("visit.admit", room.visit | {"participant": guest_id})
        codes[role] = [body.get("error", {}).get("code") for body in (waiting, (await send(clinic, guest.token))[1])]
    assert codes == {"companion": ["wrong_state", None], "interpreter": ["forbidden", "forbidden"]}
    assert (await send(clinic, room.provider.token))[1]["error"]["code"] == "unauthorized"


async def test_one_on_hold_or_replaced_sends_nothing(room: Room) -> None:
    await room.provider.wire.ok("visit.hold", room.person)
    assert (await send(room.clinic, room.patient.token))[1]["error"]["code"] == "wrong_state"
    await room.clinic.redeem(room.code)
    assert (await send(room.clinic, room.patient.token))[1]["error"]["code"] == "session_replaced"


async def test_what_is_no_photo_or_too_large_is_refused(room: Room) -> None:
    clinic, token = room.clinic, room.patient.token
    assert (await send(clinic, token, b"GIF89a"))[1]["error"]["code"] == "bad_photo"
    assert (await send(clinic, token, PICTURE, "text/plain"))[1]["error"]["code"] == "bad_request"
    status, body = await send(clinic, token, jpeg(scan=b"x" * LARGEST))
    assert (status, body["error"]["code"]) == (413, "too_large")
    assert (await send(clinic, token, jpeg(scan=b"x" * (LARGEST - 100))))[0] == 200


async def test_a_body_without_an_announced_length_is_held_to_the_same_size(room: Room) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 65536 + 2):
            yield b"\xff" * 65536

    status, body = await send(room.clinic, room.patient.token, endless())
    assert (status, body["error"]["code"]) == (413, "too_large")


async def test_a_photo_that_is_sent_again_stands_once(room: Room) -> None:
    first, again = await sent(room), await sent(room)
    _, other = await send(room.clinic, room.patient.token, jpeg(scan=b"another"))
    assert again == first
    assert [one.id for one in room.clinic.node.photos.of(room.visit["visit"])] == [first, other["photo"]]
    kinds = [one.kind for one in await room.clinic.server.store.entries()]
    assert kinds.count("PhotoSent") == 2


async def test_a_photo_that_does_not_come_is_not_called_a_bad_one(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_photos, "PATIENCE_S", 0.1)
    status, body = await send(room.clinic, room.patient.token, slowly(asyncio.Event()))
    assert (status, body["error"]["code"]) == (400, "bad_request")


async def test_six_a_minute_are_enough_and_one_at_a_time(room: Room) -> None:
    clinic, token, go_on = room.clinic, room.patient.token, asyncio.Event()
    first = asyncio.create_task(send(clinic, token, slowly(go_on)))
    await asyncio.sleep(0.3)
    assert (await send(clinic, token))[1]["error"]["code"] == "too_many_requests"
    go_on.set()
    assert (await first)[0] == 200
    codes = [(await send(clinic, token))[1].get("error", {}).get("code") for _ in range(5)]
    assert codes == [None, None, None, None, "too_many_attempts"]


async def test_a_visit_that_ends_while_a_photo_comes_gets_none(room: Room) -> None:
    go_on = asyncio.Event()
    sending = asyncio.create_task(send(room.clinic, room.patient.token, slowly(go_on)))
    await asyncio.sleep(0.2)
    await room.provider.wire.ok("visit.end", room.visit)
    go_on.set()
    assert (await sending)[1]["error"]["code"] == "link_ended"


async def test_what_cannot_be_told_in_the_trail_is_neither_kept_nor_shown(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = await sent(room)

    async def fail(_events: object) -> None:
        raise StoreFailed

    monkeypatch.setattr(room.clinic.server.store, "record", fail)
    status, body, _ = await view(room.clinic, room.provider.token, photo)
    assert status == 503
    assert b"picture" not in body
    assert (await send(room.clinic, room.patient.token, jpeg(scan=b"another")))[0] == 503
    assert [one.id for one in room.clinic.node.photos.of(room.visit["visit"])] == [photo]
