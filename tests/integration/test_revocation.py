"""S7: whatever a link or a sign-in opened ends within two seconds of the right's end, whoever ended it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from signaling.accounts import OPERATOR, Accounts
from signaling.appointments import Appointments
from signaling.clinics import Clinics
from signaling.data_folder import DATABASE
from signaling.visits import Visits
from tests.support.clinic import Clinic, Wire, clinic_settings, code_of, open_clinic
from tests.support.webrtc import until
from waiting_room.commands import Cancel
from waiting_room.model import Visit
from waiting_room.sqlite_store import SqliteStore

Change = Callable[[Clinic, Visits, Appointments, Visit], Awaitable[object]]


async def reschedule(clinic: Clinic, visits: Visits, appointments: Appointments, visit: Visit) -> None:
    del visits
    await appointments.reschedule(visit.id, starts_at=clinic.node.clock() + timedelta(days=3))


async def cancel(clinic: Clinic, visits: Visits, appointments: Appointments, visit: Visit) -> None:
    del clinic, appointments
    await visits.handle(visit.id, Cancel(actor=OPERATOR))


async def renew(clinic: Clinic, visits: Visits, appointments: Appointments, visit: Visit) -> None:
    del clinic, visits
    await appointments.renew_link(visit.id)


@asynccontextmanager
async def another_process(clinic: Clinic) -> AsyncIterator[tuple[Visits, Appointments]]:
    """What a command has: a store and visits of its own."""
    store = await SqliteStore.open(clinic.settings.data_dir / DATABASE)
    visits = Visits(store, clock=clinic.node.clock, listener=lambda _visit, _events: None)
    yield visits, Appointments(visits, store, Clinics(clinic.settings), clinic.settings.base_url, clinic.node.clock)
    await store.close()


async def has_nothing(clinic: Clinic, code: str, patient: Wire, token: str) -> None:
    """The socket, the transport, the token and the link are all dead."""
    async with asyncio.timeout(2):
        assert await patient.said_goodbye() == "link_ended"
    assert clinic.node._media_node.stats().endpoints == 0
    again = await clinic.connect("/visit", token)
    assert again.refusal is not None
    assert again.refusal["data"]["code"] == "link_ended"
    status, body = await clinic.post("/api/v1/invitations/redeem", {"code": code})
    assert (status, body["error"]["code"]) == (410, "link_ended")


@pytest.mark.parametrize("change", [reschedule, cancel, renew])
@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "another process"])
async def test_s7_one_who_waits_is_out_when_the_appointment_is_changed(
    clinic: Clinic, change: Change, *, elsewhere: bool
) -> None:
    code = await clinic.book()
    token = (await clinic.redeem(code))["token"]
    patient = await clinic.connect("/visit", token)
    await patient.ok("waiting.join")
    await patient.shows(lambda it: it["media"], "a transport")
    visit = clinic.server.visits.live()[0]
    if elsewhere:
        async with another_process(clinic) as (visits, appointments):
            await change(clinic, visits, appointments, visit)
    else:
        await change(clinic, clinic.server.visits, clinic.appointments, visit)
    await has_nothing(clinic, code, patient, token)


async def test_s7_one_who_checks_in_days_before_is_out_when_another_process_moves_the_appointment(
    clinic: Clinic,
) -> None:
    code = await clinic.book(start=timedelta(days=2))
    token = (await clinic.redeem(code))["token"]
    patient = await clinic.connect("/visit", token)
    visit_id = (await patient.shows(bool, "a snapshot"))["visit"]["id"]
    async with another_process(clinic) as (visits, appointments):
        await reschedule(clinic, visits, appointments, await visits.load(visit_id))
    await has_nothing(clinic, code, patient, token)
    assert (await clinic.view(code))["state"] == "rescheduled"


async def test_s7_a_new_link_works_at_once_and_the_old_one_says_so(clinic: Clinic) -> None:
    code = await clinic.book()
    await clinic.patient(code)
    renewed = await clinic.appointments.renew_link(clinic.server.visits.live()[0].id)
    assert (await clinic.view(code))["state"] == "rescheduled"
    again = await clinic.patient(code_of(renewed.url), waiting=False)
    shown = await again.shows(bool, "a snapshot")
    assert shown["me"]["phase"] == "waiting"


async def test_s7_an_expired_guest_link_ends_what_it_opened(clinic: Clinic) -> None:
    _, _, provider = await clinic.in_visit()
    visit = provider.now["visit"]["id"]
    asked = {"visit": visit, "role": "companion", "name": "Sample Companion", "minutes": 5}
    code = code_of((await provider.ok("visit.invite", asked))["url"])
    guest = await clinic.patient(code)
    await guest.ok("visit.leave")
    # As time would: the guest's five minutes are over.
    clock = clinic.node.visits._clock
    clinic.node.visits._clock = lambda: clock() + timedelta(minutes=6)
    try:
        async with asyncio.timeout(3):
            assert await guest.said_goodbye() == "link_ended"
        status, _ = await clinic.post("/api/v1/invitations/redeem", {"code": code})
    finally:
        clinic.node.visits._clock = clock
    assert status == 410


async def test_s7_a_disabled_account_is_out_of_its_page_its_visit_and_the_media(clinic: Clinic) -> None:
    _, patient, provider = await clinic.in_visit()
    store = await SqliteStore.open(clinic.settings.data_dir / DATABASE)
    await Accounts(store, clinic.node.clock).disable("sample.provider", by=OPERATOR)
    async with asyncio.timeout(2.5):
        assert await provider.said_goodbye() == "session_expired"
        await patient.shows(lambda it: it["others"] == [], "alone")
    assert clinic.node._media_node.stats().endpoints == 1
    assert patient.now["me"]["phase"] == "in_visit"
    await store.close()


async def test_s7_a_signed_out_person_is_out_though_the_socket_was_lost(clinic: Clinic) -> None:
    """Sound and picture flow without a socket: losing it must not keep the place beyond the session."""
    _, patient, provider = await clinic.in_visit()
    await provider.close()
    await patient.shows(lambda it: it["others"] and not it["others"][0]["connected"], "lost")
    account = await clinic.server.store.find_staff("sample.provider")
    assert account is not None
    await clinic.server.accounts.end_sessions(account, "revoked", by=OPERATOR)
    await patient.shows(lambda it: it["others"] == [], "alone")
    await until(lambda: clinic.node._media_node.stats().endpoints == 1, "the transport is closed")


async def test_the_idle_are_signed_off_and_those_in_a_visit_are_not(tmp_path: Path) -> None:
    async with open_clinic(clinic_settings(tmp_path)) as clinic:
        _, patient, provider = await clinic.in_visit()
        nurse = await clinic.staff("sample.nurse")
        clinic.node.sessions.idle_after = timedelta(seconds=1)
        assert await nurse.said_goodbye() == "idle"
        await asyncio.sleep(1.5)
        assert provider.byes == []
        assert patient.now["others"]


async def test_a_person_who_is_removed_by_rescheduling_may_come_by_the_new_link(clinic: Clinic) -> None:
    code = await clinic.book()
    await clinic.patient(code)
    visit = clinic.server.visits.live()[0]
    now = clinic.node.clock()
    moved = await clinic.appointments.reschedule(visit.id, starts_at=now + timedelta(minutes=5))
    again = await clinic.patient(code_of(moved.url))
    assert again.now["me"]["phase"] == "waiting"
