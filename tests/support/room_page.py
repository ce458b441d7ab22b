"""Several people in one page of Chromium, each with a peer connection of their own, at a media node in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

from playwright.async_api import Page

from media import Endpoint, MediaEvent, MediaNode, NodeSettings, OfferChanged, Room, Source
from tests.support.browsers import chromium
from tests.support.webrtc import until

_PEOPLE: Final = """
(() => {
const people = {};

// A picture that changes all the time, with a white corner at the top left, and a tone.
function tracks(hue) {
  const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 240});
  const context = canvas.getContext('2d');
  let at = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${hue}, 80%, ${30 + at++ % 40}%)`;
    context.fillRect(0, 0, 320, 240);
    context.fillStyle = '#fff';
    context.fillRect(at % 300, 100, 20, 20);
    context.fillRect(0, 0, 80, 80);
  }, 50);
  const audio = new AudioContext();
  const [tone, out] = [new OscillatorNode(audio, {frequency: 300 + hue}), audio.createMediaStreamDestination()];
  tone.connect(out);
  tone.start();
  return {audio: out.stream.getAudioTracks()[0], camera: canvas.captureStream(20).getVideoTracks()[0]};
}

function watch(person, mid, track) {
  const video = Object.assign(document.createElement('video'), {muted: true, autoplay: true, playsInline: true});
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  person.videos[mid] = video;
  const seen = person.seen[mid] = {frames: 0, last: 0, longest: 0};
  const note = now => {
    if (seen.last) seen.longest = Math.max(seen.longest, now - seen.last);
    [seen.last, seen.frames] = [now, seen.frames + 1];
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
}

window.answer = async ({name, transport, sdp, mids, publish}) => {
  let person = people[name];
  if (person?.transport !== transport) {
    person?.pc.close();
    const pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
    person = people[name] = {transport, pc, seen: {}, videos: {}, sends: person?.sends ?? tracks(60 * Object.keys(people).length)};
    pc.addEventListener('track', ({track, transceiver}) => {
      if (track.kind === 'video') watch(person, transceiver.mid, track);
    });
  }
  const {pc, sends} = person;
  await pc.setRemoteDescription({type: 'offer', sdp});
  for (const transceiver of pc.getTransceivers()) {
    const source = Object.keys(mids).find(one => mids[one] === transceiver.mid);
    if (!source) continue;
    transceiver.direction = 'sendonly';
    await transceiver.sender.replaceTrack(publish ? sends[source] ?? null : null);
  }
  await pc.setLocalDescription(await pc.createAnswer());
  return pc.localDescription.sdp;
};

window.share = (name, mid) => {
  const {pc, sends} = people[name];
  sends.screen = tracks(300).camera;
  return pc.getTransceivers().find(one => one.mid === mid).sender.replaceTrack(sends.screen);
};

// As a phone does that is held otherwise: its pixels stay as they are, and each picture says how far they are turned.
window.turn = (name, mid, degrees) => {
  const {pc, sends} = people[name];
  const turned = new MediaStreamTrackGenerator({kind: 'video'});
  const turn = new TransformStream({transform(picture, out) {
    out.enqueue(new VideoFrame(picture, {rotation: degrees}));
    picture.close();
  }});
  sends.upright ??= sends.camera;
  new MediaStreamTrackProcessor({track: sends.upright}).readable.pipeThrough(turn).pipeTo(turned.writable);
  sends.camera = turned;
  return pc.getTransceivers().find(one => one.mid === mid).sender.replaceTrack(turned);
};

// The size of a picture as it is shown, and the corner of it that is white.
window.shown = (name, mid) => {
  const video = people[name].videos[mid];
  const [width, height] = [video.videoWidth, video.videoHeight];
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(video, 0, 0);
  const whiteness = (x, y) => Math.min(...context.getImageData(x, y, 1, 1).data.slice(0, 3));
  const corners = {'top left': [20, 20], 'top right': [width - 20, 20],
    'bottom left': [20, height - 20], 'bottom right': [width - 20, height - 20]};
  const [corner] = Object.entries(corners).sort((one, other) => whiteness(...other[1]) - whiteness(...one[1]))[0];
  return [width, height, corner];
};

window.state = name => people[name].pc.connectionState;
window.seen = name => people[name].seen;
window.forget = name => Object.values(people[name].seen).forEach(one => one.longest = 0);

window.local = name => people[name].pc.localDescription.sdp;
})();
"""


class RoomPage:
    """A room whose people answer each offer, in one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.events: list[MediaEvent] = []
        self.node: MediaNode
        self.rewrites: dict[str, Callable[[str], str]] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path) -> AsyncIterator[Self]:
        """A node, a browser and nobody yet."""
        async with chromium(None, folder) as browser:
            one = cls(await browser.new_page())
            await one.page.evaluate(_PEOPLE)
            one.node = await MediaNode.open(NodeSettings(bind_host="127.0.0.1"), one.events.append)
            try:
                yield one
            finally:
                await one.node.close()

    @property
    def room(self) -> Room:
        return self.node.room("visit")

    def find(self, name: str) -> Endpoint:
        endpoint = self.room.find(name)
        assert endpoint is not None
        return endpoint

    async def enter(self, *names: str) -> list[Endpoint]:
        """Open, connect and admit."""
        for name in names:
            endpoint = self.room.open_endpoint(name, name.title())
            await self._negotiate(endpoint)
            await until(lambda: self.find(name).transport.is_connected, "connected")  # noqa: B023 - awaited here
            self.room.admit(name)
        await self.settle()
        return [self.find(name) for name in names]

    async def _negotiate(self, endpoint: Endpoint) -> None:
        told = endpoint.negotiation()
        if told.sdp is None:
            return
        asked = {"name": endpoint.id, "transport": told.transport, "sdp": told.sdp, "mids": told.mids}
        answer = await self.page.evaluate("asked => answer(asked)", {**asked, "publish": told.publish})
        endpoint.answer(told.transport, told.revision, self.rewrites.get(endpoint.id, str)(answer))

    async def settle(self) -> None:
        """Answer whatever is offered until nothing is, and everybody is connected."""
        while True:
            names = {event.endpoint for event in self.events if isinstance(event, OfferChanged)}
            self.events.clear()
            for name in names:
                if endpoint := self.room.find(name):
                    await self._negotiate(endpoint)
            if not self.events and self.node.stats().transports_connected == len(self.room):
                return
            await asyncio.sleep(0.02)

    async def frames(self, name: str) -> dict[str, int]:
        return {mid: one["frames"] for mid, one in (await self.page.evaluate("name => seen(name)", name)).items()}

    async def turn(self, name: str, degrees: int) -> None:
        """Let this person's camera be held otherwise."""
        mid = self.find(name).negotiation().mids[Source.CAMERA]
        await self.page.evaluate("asked => turn(...asked)", [name, mid, degrees])

    async def sees(self, name: str, pictures: int, *, more: int = 10) -> None:
        """Wait until so many pictures move."""
        before = await self.frames(name)
        async with asyncio.timeout(30):
            while True:
                now = await self.frames(name)
                if sum(count > before.get(mid, 0) + more for mid, count in now.items()) >= pictures:
                    return
                await asyncio.sleep(0.1)

    async def sends(self, name: str, audio: int, camera: int) -> None:
        """Wait until the packets that arrive have these payload types: Chromium's figures call RED Opus."""
        endpoint = self.find(name)
        sent: dict[int, int] = {}

        def note(packet: bytes, arrived_at: float) -> None:
            del arrived_at
            sent[int.from_bytes(packet[8:12], "big")] = packet[1] & 0x7F

        ssrcs = [endpoint.publications[source].ssrcs[0] for source in (Source.AUDIO, Source.CAMERA)]
        for ssrc in ssrcs:
            endpoint.transport.uplink.streams[ssrc].sink = note
        wanted = dict(zip(ssrcs, (audio, camera), strict=True))
        await until(lambda: sent == wanted, f"{name} sends {audio} and {camera}", within_s=20)
