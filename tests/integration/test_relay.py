"""Two aiortc clients through a real node on loopback."""

import logging
import re
import time
from collections.abc import AsyncIterator, Callable

import pytest

from media import (
    BadSdp,
    CloseReason,
    DropReason,
    MediaEvent,
    MediaNode,
    NodeSettings,
    TransportClosed,
    TransportConnected,
)
from tests.support.webrtc import BLUE, RED, Marks, Participant, until
from tests.unit.media.sdp import answer_to


class SkewedClock:
    """The monotonic clock, which a test may set forward."""

    skew = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.skew


class Visit:
    """A node with one room, and participants that answer its offers as a page would."""

    def __init__(self) -> None:
        self.events: list[MediaEvent] = []
        self.clock = SkewedClock()
        self.node: MediaNode
        self.people: list[Participant] = []

    async def enter(self, endpoint_id: str, marks: Marks, rewrite: Callable[[str], str] = str) -> Participant:
        endpoint = self.node.room("visit").open_endpoint(endpoint_id, endpoint_id.title())
        person = Participant(endpoint, marks)
        self.people.append(person)
        await person.negotiate(rewrite)
        return person

    async def meet(self) -> tuple[Participant, Participant]:
        """Two people, admitted, who see each other."""
        patient, clinician = await self.enter("patient", RED), await self.enter("clinician", BLUE)
        await until(lambda: self.connected() == 2, "both connected")
        for endpoint in ("patient", "clinician"):
            self.node.room("visit").admit(endpoint)
        await self.negotiate()
        await until(lambda: patient.sees(BLUE) and clinician.sees(RED), "they see each other")
        return patient, clinician

    async def negotiate(self) -> None:
        for person in self.people:
            await person.negotiate()

    def connected(self) -> int:
        return self.node.stats().transports_connected

    def dropped(self, reason: DropReason) -> int:
        return self.node.stats().drops[reason]

    def reasons(self) -> list[CloseReason]:
        return [event.reason for event in self.events if isinstance(event, TransportClosed)]


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    visit = Visit()
    visit.node = await MediaNode.open(NodeSettings(bind_host="127.0.0.1"), visit.events.append, clock=visit.clock)
    yield visit
    for person in visit.people:
        await person.close()
    await visit.node.close()


async def test_two_admitted_people_see_and_hear_each_other_and_not_themselves(visit: Visit) -> None:
    patient, clinician = await visit.meet()
    await until(lambda: patient.sees(BLUE) and patient.hears(BLUE), "the patient sees and hears the clinician")
    await until(lambda: clinician.sees(RED) and clinician.hears(RED), "the clinician sees and hears the patient")
    assert sum(isinstance(event, TransportConnected) for event in visit.events) == 2
    own_colours = [red > blue for red, _, blue in patient.seen], [blue > red for red, _, blue in clinician.seen]
    assert not any(map(any, own_colours))
    for person in (patient, clinician):
        assert not any(abs(hertz - person.marks.hertz) < 60 for hertz in person.heard)


async def test_rule_1_nothing_passes_before_admission_nor_with_one_admitted_nor_after_dismissal(visit: Visit) -> None:
    patient = await visit.enter("patient", RED)
    clinician = await visit.enter("clinician", BLUE)
    room = visit.node.room("visit")
    await until(lambda: visit.connected() == 2, "both connected")
    # aiortc sends whatever we say, as a hostile page would.
    await until(lambda: visit.dropped(DropReason.NO_SUBSCRIBER) > 20, "both send before admission")
    room.admit("clinician")
    await visit.negotiate()
    before = visit.dropped(DropReason.NO_SUBSCRIBER)
    await until(lambda: visit.dropped(DropReason.NO_SUBSCRIBER) > before + 20, "both send with one admitted")
    assert visit.node.stats().packets_forwarded == 0
    assert (patient.seen, patient.heard, clinician.seen, clinician.heard) == ([], [], [], [])
    room.admit("patient")
    await visit.negotiate()
    await until(lambda: patient.sees(BLUE) and clinician.sees(RED), "they see each other")
    room.dismiss("patient")
    forwarded, before = visit.node.stats().packets_forwarded, visit.dropped(DropReason.NO_SUBSCRIBER)
    await until(lambda: visit.dropped(DropReason.NO_SUBSCRIBER) > before + 20, "both send after dismissal")
    assert visit.node.stats().packets_forwarded == forwarded


async def test_both_are_told_when_the_room_is_closed(visit: Visit) -> None:
    people = await visit.meet()
    visit.node.room("visit").close()
    await until(lambda: all(each.connection.connectionState == "closed" for each in people), "both are told")
    assert visit.node.find_room("visit") is None
    assert visit.reasons() == [CloseReason.ENDPOINT_CLOSED] * 2


async def test_a_restart_gives_a_new_transport_and_media_flows_again(visit: Visit) -> None:
    patient, clinician = await visit.meet()
    old = patient.endpoint.negotiation().transport
    patient.endpoint.restart(old)
    await visit.negotiate()
    await until(lambda: visit.connected() == 2, "the new transport is connected")
    await visit.negotiate()
    assert patient.endpoint.negotiation().transport != old
    assert CloseReason.REPLACED in visit.reasons()
    patient.seen.clear()
    clinician.seen.clear()
    await until(lambda: patient.sees(BLUE) and clinician.sees(RED), "they see each other again", within_s=20)


async def test_s41_a_peer_whose_checks_stop_loses_its_transport_and_not_its_place(visit: Visit) -> None:
    patient, _ = await visit.meet()
    visit.clock.skew += visit.node.settings.consent_timeout_s + 1
    await until(lambda: CloseReason.CONSENT_LOST in visit.reasons(), "consent is lost")
    assert patient.endpoint is visit.node.room("visit").find("patient")


async def test_a_peer_that_leaves_is_noticed_by_its_goodbye(visit: Visit) -> None:
    patient, clinician = await visit.meet()
    await patient.connection.close()
    await until(lambda: visit.reasons() == [CloseReason.DTLS_CLOSED], "the goodbye arrives")
    assert clinician.endpoint.negotiation().remote == ()


async def test_a_handshake_that_never_comes_has_an_end(visit: Visit) -> None:
    endpoint = visit.node.room("visit").open_endpoint("patient", "Patient")
    wanted = endpoint.negotiation()
    assert endpoint.answer(wanted.transport, wanted.revision, answer_to())
    visit.clock.skew += visit.node.settings.connect_timeout_s + 1
    await until(lambda: visit.reasons() == [CloseReason.CONNECT_TIMEOUT], "the transport is given up")


async def test_s33_a_certificate_other_than_the_answers_fails_cleanly(visit: Visit) -> None:
    stranger = ":".join(["AB"] * 32)

    def replace_fingerprints(sdp: str) -> str:
        return re.sub(r"a=fingerprint:sha-\d+ \S+\r\n", "", sdp).replace(
            "a=setup:active", f"a=fingerprint:sha-256 {stranger}\r\na=setup:active"
        )

    def spoil_one_of_several(sdp: str) -> str:
        return re.sub(r"(a=fingerprint:sha-384 )..", r"\g<1>00", sdp)

    for number, rewrite in enumerate((replace_fingerprints, spoil_one_of_several), start=1):
        await visit.enter(f"patient{number}", RED, rewrite)
        await until(lambda number=number: visit.reasons() == [CloseReason.DTLS_FAILED] * number, "refused")  # type: ignore[misc]
    assert visit.connected() == 0


async def test_s33_an_answer_without_fingerprint_is_refused(visit: Visit) -> None:
    with pytest.raises(BadSdp):
        await visit.enter("patient", RED, lambda sdp: re.sub(r"a=fingerprint:\S+ \S+\r\n", "", sdp))


async def test_closing_the_node_frees_the_port(visit: Visit) -> None:
    await visit.meet()
    port = visit.node.port
    await visit.node.close()
    await visit.node.close()
    assert visit.node.stats().rooms == 0
    again = await MediaNode.open(NodeSettings(bind_host="127.0.0.1", port=port), visit.events.append)
    await again.close()


async def test_no_log_line_of_a_visit_names_an_address_or_a_person(
    visit: Visit, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    await visit.meet()
    await visit.node.close()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aioice")]
    text = "\n".join(ours) + capsys.readouterr().out
    assert "transport_connected" in text
    for secret in ("127.0.0.1", "Patient", "candidate", "fingerprint"):
        assert secret not in text
