"""Two aiortc clients through a real node on loopback."""

from collections.abc import AsyncIterator

import pytest

from media import MediaEvent, MediaNode, NodeSettings, TransportConnected
from tests.support.webrtc import BLUE, RED, Marks, Participant, until


class Visit:
    """A node with one room, and participants that answer its offers as a page would."""

    def __init__(self) -> None:
        self.events: list[MediaEvent] = []
        self.node: MediaNode
        self.people: list[Participant] = []

    async def enter(self, endpoint_id: str, marks: Marks) -> Participant:
        endpoint = self.node.room("visit").open_endpoint(endpoint_id, endpoint_id.title())
        person = Participant(endpoint, marks)
        self.people.append(person)
        await person.negotiate()
        return person

    async def negotiate(self) -> None:
        for person in self.people:
            await person.negotiate()

    def connected(self) -> int:
        return self.node.stats().transports_connected


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    visit = Visit()
    visit.node = await MediaNode.open(NodeSettings(bind_host="127.0.0.1"), visit.events.append)
    yield visit
    for person in visit.people:
        await person.close()
    await visit.node.close()


async def test_two_admitted_people_see_and_hear_each_other_and_not_themselves(visit: Visit) -> None:
    patient = await visit.enter("patient", RED)
    clinician = await visit.enter("clinician", BLUE)
    await until(lambda: visit.connected() == 2, "both connected")
    for endpoint in ("patient", "clinician"):
        visit.node.room("visit").admit(endpoint)
    await visit.negotiate()
    await until(lambda: patient.sees(BLUE) and patient.hears(BLUE), "the patient sees and hears the clinician")
    await until(lambda: clinician.sees(RED) and clinician.hears(RED), "the clinician sees and hears the patient")
    assert sum(isinstance(event, TransportConnected) for event in visit.events) == 2
