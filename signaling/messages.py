"""What the server sends over the sockets to patients' pages and to all: models; ``docs/protocol.md`` §3 and §5 specify them.

Staff's are in `signaling.care_messages`, what pages ask in `signaling.requests`, links and sign-in in `signaling.http_messages`.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from signaling.http_messages import ClinicCard, VisitCard
from signaling.line_quality import Quality
from signaling.photo_messages import AskedForPhoto
from signaling.talk_messages import TalkCard
from signaling.wire import Instant

__all__ = [
    "Bye",
    "CheckIn",
    "Consent",
    "HelperInvited",
    "IceServer",
    "Item",
    "Me",
    "MediaState",
    "Next",
    "Other",
    "Person",
    "Presence",
    "Quality",
    "RemoteMedia",
    "RowCheckIn",
    "SnapshotVisit",
    "ThreadMessage",
    "VisitSnapshot",
    "Wait",
]


class Bye(BaseModel):
    """The last event before the server disconnects a session."""

    code: str
    message: str


# Media.


class IceServer(BaseModel):
    """A TURN server with its credential, in the browser's own form."""

    urls: list[str]
    username: str = Field(repr=False)
    credential: str = Field(repr=False)


class RemoteMedia(BaseModel):
    """Whose sound or picture arrives on which mid."""

    mid: str
    source: str
    participant: str
    name: str = Field(repr=False)


class MediaState(BaseModel):
    """The state of a participant's negotiation; ``sdp`` is the offer, None once this revision was answered."""

    transport: str
    revision: int
    sdp: str | None = Field(repr=False)
    publish: bool
    mids: dict[str, str]
    remote: list[RemoteMedia]
    quality: Quality | None
    ice_servers: list[IceServer]


# People.


class Person(BaseModel):
    """Somebody in a visit."""

    id: str
    role: str
    name: str = Field(repr=False)
    phase: str


class Me(Person):
    """The participant whose page this is; ``name`` is empty while ``identity`` is ``asked`` or ``staff_checks``."""

    identity: str


class Other(Person):
    """Somebody else in the visit; what they send is None until that page has said, ``quality`` while nothing is known."""

    connected: bool
    microphone: bool | None = None
    camera: bool | None = None
    screen: bool | None = None
    paused: bool | None = None
    quality: Quality | None = None


class Next(BaseModel):
    """Who comes next to a patient who was handed over."""

    name: str = Field(repr=False)
    role: str


# Check-in.


class Item(BaseModel):
    """A check-in item; what ``answer`` holds depends on ``kind``."""

    key: str
    kind: str
    state: str
    title: dict[str, str]
    url: str
    answer: dict[str, str] = Field(repr=False)


class Consent(BaseModel):
    """The text that patients agree to, by language."""

    version: str
    texts: dict[str, str]


class RowCheckIn(BaseModel):
    """Check-in, as staff see it."""

    complete: bool
    items: list[Item]


class CheckIn(RowCheckIn):
    """Check-in, as the patient and a companion see it."""

    consent: Consent


# A participant's page.


class Wait(BaseModel):
    """A range of minutes from now until admission; ``ahead`` only where the clinic shows it."""

    low: int
    high: int
    ahead: int | None


class Presence(BaseModel):
    """The answer to `presence.check`."""

    server_time: Instant
    wait: Wait | None


class HelperInvited(BaseModel):
    """The answer to `helper.invite`. The link cannot be shown again."""

    url: str = Field(repr=False)


class ThreadMessage(BaseModel):
    """A message, in the thread of the one whose page this is."""

    id: str
    at: Instant
    mine: bool
    name: str = Field(repr=False)
    text: str = Field(repr=False)
    canned: str
    delivered: bool
    read: bool


class SnapshotVisit(VisitCard):
    """The visit, in a participant's snapshot."""

    id: str
    phase: str
    started_at: Instant | None
    late_minutes: int | None
    callback_known: bool


class VisitSnapshot(BaseModel):
    """The whole state of a participant's screen."""

    version: int
    server_time: Instant
    clinic: ClinicCard
    visit: SnapshotVisit
    me: Me
    others: list[Other]
    check_in: CheckIn | None
    wait: Wait | None
    next: Next | None
    wishes: list[str]
    messages: list[ThreadMessage]
    staff_present: bool
    photo_ask: AskedForPhoto | None
    talk: TalkCard | None
    media: MediaState | None
