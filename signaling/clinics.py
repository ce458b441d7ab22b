"""The clinics that this server serves, as the settings describe them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from signaling.brand import Logo, read_logo
from signaling.clinic_settings import EMERGENCY_PLACE, ClinicSettings, ExternalItem, OwnItem
from signaling.errors import RequestRefused
from signaling.http_messages import ClinicCard
from signaling.settings import Settings
from waiting_room.check_in_items import CheckInItem, ItemKind
from waiting_room.clinic import Clinic, Consent, Rules

__all__ = ["Clinics"]


class Clinics:
    """Iterates in the order of the settings. A visit may belong to a clinic that was taken out of them since."""

    def __init__(self, settings: Settings) -> None:
        self._clinics = {clinic_id: _clinic(clinic_id, told) for clinic_id, told in settings.clinics.items()}
        self._logos = {clinic_id: read_logo(told.logo) for clinic_id, told in settings.clinics.items() if told.logo}
        self._cards = {
            clinic.id: _card(clinic, settings.clinics[clinic.id].brand_color, self._logos.get(clinic.id))
            for clinic in self
        }

    def __iter__(self) -> Iterator[Clinic]:
        return iter(self._clinics.values())

    @property
    def logos(self) -> list[Logo]:
        """The logos that the cards name."""
        return list(self._logos.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """All clinics' ids."""
        return tuple(self._clinics)

    @property
    def first(self) -> Clinic:
        """The clinic whose name and phone stand where none is known yet."""
        return next(iter(self))

    def find(self, clinic_id: str) -> Clinic | None:
        """Return the clinic, or None."""
        return self._clinics.get(clinic_id)

    def get(self, clinic_id: str) -> Clinic:
        """Return the clinic. Raises `RequestRefused` ``clinic_unknown``."""
        found = self.find(clinic_id)
        if found is None:
            raise RequestRefused("clinic_unknown")
        return found

    def card(self, clinic_id: str) -> ClinicCard:
        """Return what screens show of the clinic; of the first one where it is unknown, so that there is a phone to call."""
        return self._cards.get(clinic_id) or self._cards[self.first.id]


def _clinic(clinic_id: str, told: ClinicSettings) -> Clinic:
    return Clinic(
        id=clinic_id,
        name=told.name,
        phone=told.phone,
        time_zone=told.time_zone,
        support_hours=dict(told.support_hours),
        rules=Rules(
            join_window=timedelta(minutes=told.join_window_minutes),
            check_in_window=timedelta(hours=told.check_in_hours),
            link_lives=timedelta(minutes=told.link_lives_minutes),
            grace=timedelta(minutes=told.grace_minutes),
        ),
        consent=Consent(
            told.consent.version,
            {
                language: text.replace(EMERGENCY_PLACE, told.emergency_number)
                for language, text in told.consent.texts.items()
            },
        ),
        kinds={kind: tuple(_item(one) for one in items) for kind, items in told.kinds.items()},
        ask_birth_date=told.ask_birth_date,
        show_position=told.show_position,
        amber_after=timedelta(minutes=told.amber_minutes),
        red_after=timedelta(minutes=told.red_minutes),
        retention=timedelta(days=told.retention_days),
        emergency_number=told.emergency_number,
        emergency_phones=dict(told.emergency_phones),
    )


def _item(told: OwnItem | ExternalItem) -> CheckInItem:
    if isinstance(told, ExternalItem):
        return CheckInItem(told.key, ItemKind.EXTERNAL, title=dict(told.title), url=told.url)
    return CheckInItem(told, ItemKind(told))


def _card(clinic: Clinic, color: str | None, logo: Logo | None) -> ClinicCard:
    return ClinicCard(
        id=clinic.id,
        name=clinic.name,
        phone=clinic.phone,
        time_zone=clinic.time_zone,
        support_hours=dict(clinic.support_hours),
        emergency_number=clinic.emergency_number,
        color=color,
        logo=logo.address if logo else None,
    )
