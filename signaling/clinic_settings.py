"""The settings of one clinic: whom patients call, the rules of its links, what check-in asks, what patients consent to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from signaling.brand import logo_file, readable_color
from waiting_room.check_in_items import STATES

__all__ = ["EMERGENCY_PLACE", "ClinicSettings", "ConsentSettings", "ExternalItem", "OwnItem"]

EMERGENCY_PLACE: Final = "{emergency_number}"
"""Stands in a consent text for the clinic's emergency number."""

_CONSENT_EN: Final = """\
A video visit has limits. Your care team can see you and hear you, but they can not touch you or examine you.
The picture or the sound may fail. If that happens, we will try to call you.
You may need to come in after this visit, or go to a hospital.
If this is an emergency, do not wait for the visit. Call {emergency_number} now.
The visit is private. It is not recorded.
You can stop at any time, and you can ask for a visit in person."""

_CONSENT_ES: Final = """\
Una visita por video tiene límites. Su equipo médico puede verle y oírle, pero no puede tocarle ni examinarle.
La imagen o el sonido pueden fallar. Si eso pasa, trataremos de llamarle.
Tal vez tenga que venir después de esta visita, o ir a un hospital.
Si es una emergencia, no espere la visita. Llame al {emergency_number} ahora.
La visita es privada. No se graba.
Puede parar cuando quiera y puede pedir una visita en persona."""


def _state(letters: str) -> str:
    if letters not in STATES:
        raise ValueError("no state of the United States, by its two letters")
    return letters


OwnItem = Literal["location", "callback", "consent", "reason"]
_OWN: Final = frozenset({"location", "callback", "consent", "reason"})
MOST_ITEMS: Final = 12

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Line = Annotated[str, Field(min_length=1, max_length=200)]
State = Annotated[str, AfterValidator(_state)]


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be a name of the tz database, such as America/New_York")
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be http(s)://host/…")
    return value


class ExternalItem(BaseModel):
    """A check-in item that the portal has done and reports through the API: a form, insurance, a co-payment."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    title: dict[Language, Line] = Field(min_length=1)
    url: Annotated[str, AfterValidator(_web_address), Field(max_length=500)]


def _item_tag(item: Any) -> str:
    return "external" if isinstance(item, dict | ExternalItem) else "own"


Item = Annotated[
    Annotated[OwnItem, Tag("own")] | Annotated[ExternalItem, Tag("external")],
    Discriminator(_item_tag),
]


def _distinct(items: list[Item]) -> list[Item]:
    keys = [one.key if isinstance(one, ExternalItem) else one for one in items]
    if any(isinstance(one, ExternalItem) and one.key in _OWN for one in items):
        raise ValueError(f"an item of the portal may not be called {', '.join(sorted(_OWN))}")
    if len(set(keys)) != len(keys):
        raise ValueError("holds an item twice")
    return items


class ConsentSettings(BaseModel):
    """What patients agree to, by language. Both or neither: a changed text under an old version would be another consent."""

    model_config = ConfigDict(extra="forbid")

    version: str = Field(
        "1", pattern=r"^[A-Za-z0-9._-]{1,32}$", description="Kept with each consent; a changed text needs another one."
    )
    texts: dict[Language, Annotated[str, Field(min_length=1, max_length=4000)]] = Field(
        {"en": _CONSENT_EN, "es": _CONSENT_ES},
        min_length=1,
        description="The limits of care by video, by language; `{emergency_number}` is put in.",
    )

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if len(self.model_fields_set) == 1:
            raise ValueError("version and texts are needed together")
        return self


class ClinicSettings(BaseModel):
    """What patients and staff read about a clinic, and its rules."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("Sample Clinic", min_length=1, max_length=80, description="The name in every page's header.")
    brand_color: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$"), AfterValidator(readable_color)] | None = Field(
        None,
        description="The colour of buttons and links, `#rrggbb`; white on it needs a contrast of 7:1.",
    )
    logo: Annotated[Path, AfterValidator(logo_file)] | None = Field(
        None, description="An SVG, PNG or JPEG of 100 kB at most, shown beside the name. Unset: a plain mark."
    )
    phone: str = Field("555-0100", min_length=3, max_length=40, description="The phone number on every patient screen.")
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        "UTC", description="Zone of the times on screens, of the clinic's day and of `--start`."
    )
    support_hours: dict[Language, Line] = Field({}, description="When the phone is answered, as text by language.")
    emergency_number: str = Field(
        "911", pattern=r"^[0-9]{2,6}$", description="The number for emergencies on every screen."
    )
    emergency_phones: dict[State, Annotated[str, Field(min_length=3, max_length=40)]] = Field(
        {},
        description="By the state where the patient is (`NV`): the phone by which staff reach the emergency services there.",
    )
    join_window_minutes: int = Field(30, ge=0, le=1440, description="How long before the start the waiting room opens.")
    check_in_hours: int = Field(72, ge=0, le=720, description="How long before the start check-in opens.")
    link_lives_minutes: int = Field(60, ge=0, le=1440, description="How long after the booked end a link still opens.")
    grace_minutes: int = Field(10, ge=1, le=120, description="How long one whose connection is lost keeps the place.")
    ask_birth_date: bool = Field(default=False, description="Ask patients for their date of birth as a second factor.")
    show_position: bool = Field(default=False, description="Tell patients how many are before them.")
    amber_minutes: int = Field(10, ge=1, le=240, description="After this wait a row of the queue turns amber.")
    red_minutes: int = Field(20, ge=1, le=480, description="After this wait it turns red.")
    retention_days: int = Field(
        30, ge=1, le=3650, description="How long after its end a visit's patient data are kept."
    )
    consent: ConsentSettings = Field(default_factory=lambda: ConsentSettings.model_validate({}))
    kinds: dict[Key, Annotated[list[Item], Field(max_length=MOST_ITEMS), AfterValidator(_distinct)]] = Field(
        {"video": ["location", "callback", "consent", "reason"]},
        min_length=1,
        description="Check-in items by type of appointment: "
        "`location`, `callback`, `consent`, `reason`, or the portal's own `{key, title, url}`.",
    )

    @model_validator(mode="after")
    def _amber_comes_first(self) -> Self:
        if self.red_minutes <= self.amber_minutes:
            raise ValueError("red_minutes must be more than amber_minutes")
        return self
