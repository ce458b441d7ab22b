"""One-to-one visits on our relay, each with two replayed people who accepted each other's media."""

from collections.abc import Sequence

from loadtests.relay_process import Relay
from loadtests.replay import Lane
from loadtests.replayed_person import Person
from loadtests.session_description import RemoteSide, write_answer
from loadtests.traffic import Streams, Traffic


class Seat:
    """One person and the endpoint that the relay has for them."""

    def __init__(self, relay: Relay, room: str, name: str) -> None:
        self._relay, self._room, self._name = relay, room, name
        self.person = Person(relay.host)
        relay.ask("open", room, name)

    async def connect(self) -> float:
        """Answer the first offer and connect. Returns milliseconds from the first check to SRTP keys."""
        return await self.person.connect(RemoteSide.read(self.answer()))

    def answer(self) -> str:
        """Answer the offer that the relay has now, if it waits for one, and return it."""
        transport, revision, sdp = self._relay.ask("offer", self._room, self._name)
        if sdp is None:
            return ""
        answer = write_answer(sdp, self.person.local)
        if not self._relay.ask("answer", self._room, self._name, transport, revision, answer):
            raise ConnectionError("the answer came too late")
        return str(sdp)


class RelayVisit:
    """Two connected people. Made by `open`."""

    def __init__(self, people: tuple[Person, Person], connect_ms: tuple[float, float]) -> None:
        self.people = people
        self.connect_ms = connect_ms
        self.streams = tuple(
            Streams(person, (other.local.audio_ssrc, other.local.video_ssrcs[0]))
            for person, other in (people, people[::-1])
        )

    @classmethod
    async def open(cls, relay: Relay, room: str) -> "RelayVisit":
        """Let two people in and connect them."""
        patient, clinician = Seat(relay, room, "patient"), Seat(relay, room, "clinician")
        connect_ms = await patient.connect(), await clinician.connect()
        for seat in (patient, clinician):
            seat.answer()
        return cls((patient.person, clinician.person), connect_ms)

    def lanes(self, traffic: Traffic, seconds: float) -> Sequence[Lane]:
        """Make what both send in this many seconds; each one's arrives at the other."""
        patient, clinician = (person.socket for person in self.people)
        to_clinician, to_patient = (streams.volleys(traffic, seconds) for streams in self.streams)
        return Lane(patient, to_clinician, clinician), Lane(clinician, to_patient, patient)

    async def close(self) -> None:
        """Say goodbye."""
        for person in self.people:
            await person.close()
