"""Whatever people and their browsers do to a room, in whatever order: rule 1 holds, and those who behave are relayed."""

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from media.downlink import Downlink
from media.endpoint import Endpoint
from media.errors import MediaError, RoomFull
from media.events import CloseReason, MediaEvent, TransportClosed
from media.offer import Section
from media.publication import Source
from media.room import MAX_ADMITTED, Room
from media.transport import Transport, TransportState
from tests.unit.media.scene import FakeNode, connect
from tests.unit.media.sdp import answer_to

# One more than a room admits; the first ones are drawn most.
IDS = st.sampled_from(["one", "two", "three", "one", "two", "three", "four", "five", "six"])
LIFETIMES = (CloseReason.DTLS_FAILED, CloseReason.DTLS_CLOSED, CloseReason.CONNECT_TIMEOUT, CloseReason.CONSENT_LOST)
# Few, so that they are often somebody else's.
SSRCS = st.sampled_from([None, *range(1, 41)])
SOUND = st.sampled_from(["63 111", "63 111", "111", "63"])
PICTURE = st.sampled_from(["96 97 102 103", "96 97", "102 103", "96 97 102 103", "96 97", "102 103", "98"])
MOSTLY = st.sampled_from([True, True, False])


@dataclass(frozen=True)
class Reply:
    """How a browser answers, honest or not."""

    audio: int | None
    camera: int | None
    screen: int | None
    sound: str
    picture: str
    screen_picture: str
    sends_picture: bool
    receives: bool

    def write(self, sections: tuple[Section, ...]) -> str:
        named = {Source.AUDIO: self.audio, Source.CAMERA: self.camera, Source.SCREEN: self.screen}
        text = answer_to(sections, {source: (ssrc,) for source, ssrc in named.items() if ssrc is not None})
        head, *parts = text.split("m=")
        return "m=".join([head, *map(self._alter, sections, parts)])

    def _alter(self, section: Section, part: str) -> str:
        if section.publication is not None:
            return part if self.receives else part.replace("a=recvonly", "a=inactive")
        if section.source is Source.AUDIO:
            return part.replace("63 111", self.sound)
        part = part if self.sends_picture else part.replace("a=sendonly", "a=inactive")
        return part.replace("96 97 102 103", self.picture if section.source is Source.CAMERA else self.screen_picture)


REPLIES = st.builds(Reply, SSRCS, SSRCS, SSRCS, SOUND, PICTURE, PICTURE, sends_picture=MOSTLY, receives=MOSTLY)


class RememberingNode(FakeNode):
    """A node that keeps every transport that it ever made."""

    def __init__(self) -> None:
        super().__init__()
        self.transports: list[Transport] = []

    def open_transport(self, on_connected: object, on_closed: object) -> Transport:
        transport = super().open_transport(on_connected, on_closed)  # type: ignore[arg-type]
        self.transports.append(transport)
        return transport


def reached_by(transport: Transport) -> set[Downlink]:
    uplink = transport.uplink
    return {each.downlink for one in uplink.streams.values() for each in one.outgoings} | set(uplink.rtcp_peers)


class RoomMachine(RuleBasedStateMachine):
    """A room beside the one fact that it must respect: who is admitted."""

    def __init__(self) -> None:
        super().__init__()
        self.node = RememberingNode()
        self.told: list[MediaEvent] = []
        self.room = Room("visit", self.node, self.hear, lambda _: None)
        self.admitted: set[str] = set()
        self.next_ssrc = 1_000

    def hear(self, event: MediaEvent) -> None:
        """As the owner of a node does: one whose transport died by itself gets another."""
        self.told.append(event)
        if isinstance(event, TransportClosed) and event.reason in LIFETIMES:
            endpoint = self.room.find(event.endpoint)
            if endpoint is not None:
                endpoint.recover(event.transport)

    @rule(who=IDS)
    def come(self, who: str) -> None:
        if self.room.find(who) is None:
            self.room.open_endpoint(who, who.title())

    @rule(who=IDS, reply=REPLIES)
    def enter(self, who: str, reply: Reply) -> None:
        """All of it at once, else a visit in which much goes on would be rare."""
        self.come(who)
        self.answer(who, reply)
        self.connect(who)
        self.admit(who)

    @rule(who=IDS)
    def go(self, who: str) -> None:
        endpoint = self.room.find(who)
        if endpoint is not None:
            self.admitted.discard(who)
            endpoint.close()

    @rule(who=IDS)
    def admit(self, who: str) -> None:
        if self.room.find(who) is None:
            return
        is_new = who not in self.admitted
        try:
            self.admitted.add(who)
            self.room.admit(who)
        except RoomFull:
            assert is_new
            self.admitted.discard(who)
            assert len(self.admitted) == MAX_ADMITTED

    @rule(who=IDS)
    def dismiss(self, who: str) -> None:
        self.admitted.discard(who)
        self.room.dismiss(who)

    @rule(who=IDS, reply=REPLIES)
    def answer(self, who: str, reply: Reply) -> None:
        endpoint = self.room.find(who)
        if endpoint is None:
            return
        if endpoint.negotiation().sdp is None:
            endpoint.refresh(endpoint.transport.id)
        self.node.now.now += 5
        before = endpoint.negotiation()
        try:
            endpoint.answer(before.transport, before.revision, reply.write(endpoint.sections))
        except MediaError:
            assert endpoint.negotiation() == before

    @rule(who=IDS)
    def connect(self, who: str) -> None:
        endpoint = self.room.find(who)
        if endpoint is not None and endpoint.transport.state is TransportState.CONNECTING:
            connect(endpoint)

    @rule(who=IDS, reason=st.sampled_from(LIFETIMES))
    def lose(self, who: str, reason: CloseReason) -> None:
        endpoint = self.room.find(who)
        if endpoint is not None:
            endpoint.transport.close(reason)

    @rule(who=IDS, keep=st.booleans())
    def restart(self, who: str, keep: bool) -> None:  # noqa: FBT001
        endpoint = self.room.find(who)
        if endpoint is not None:
            (endpoint.refresh if keep else endpoint.restart)(endpoint.transport.id)

    @rule(who=IDS, source=st.sampled_from(Source), on=st.booleans())
    def share(self, who: str, source: Source, on: bool) -> None:  # noqa: FBT001
        endpoint = self.room.find(who)
        if endpoint is not None:
            endpoint.share(source, on=on)

    @rule(seconds=st.sampled_from([0.5, 5, 200]))
    def sweep(self, seconds: float) -> None:
        self.node.now.now += seconds
        self.room.sweep(self.node.now())

    @rule()
    def close(self) -> None:
        self.admitted.clear()
        self.room.close()

    @rule()
    def behave(self) -> None:
        """All answer as browsers do, whatever was before: all who are admitted hear each other."""
        self.node.now.now += 1_000
        for endpoint in self.room.endpoints:
            endpoint.restart(endpoint.transport.id)
            endpoint.share(Source.AUDIO, on=True)
        ssrcs: dict[str, int] = {}
        while asked := [each for each in self.room.endpoints if each.negotiation().sdp is not None]:
            for endpoint in asked:
                self.answer_well(endpoint, ssrcs)
        for endpoint in self.room.endpoints:
            transport = endpoint.transport
            if endpoint.id in self.admitted:
                heard = {each.downlink for each in transport.uplink.streams[ssrcs[transport.id]].outgoings}
                assert heard == {
                    each.transport.downlink for each in self.room.endpoints if each.id in self.admitted
                } - {transport.downlink}

    def answer_well(self, endpoint: Endpoint, ssrcs: dict[str, int]) -> None:
        if endpoint.transport.id not in ssrcs:
            self.next_ssrc += 1
            ssrcs[endpoint.transport.id] = self.next_ssrc
        now = endpoint.negotiation()
        text = answer_to(endpoint.sections, {Source.AUDIO: (ssrcs[endpoint.transport.id],)})
        assert endpoint.answer(now.transport, now.revision, text)
        if endpoint.transport.state is TransportState.CONNECTING:
            connect(endpoint)

    @invariant()
    def rule_1(self) -> None:
        admitted = [each.transport for each in self.room.endpoints if each.id in self.admitted]
        for transport in self.node.transports:
            others = {each.downlink for each in admitted if each is not transport}
            assert reached_by(transport) <= (others if transport in admitted else set())
            if transport not in admitted:
                assert transport.downlink.streams == {}

    @invariant()
    def settled(self) -> None:
        self.told.clear()
        self.room.settle()
        assert self.told == []


RoomMachine.TestCase.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
TestRoom = RoomMachine.TestCase
