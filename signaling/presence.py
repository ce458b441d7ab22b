"""Keeps "connected" true: whoever the store holds for connected and has no screen open is noted as lost.

Disconnects are told as they happen (see the channels). This finds what they could not tell: a session that ran out, a loss
whose commit failed, a socket that was dismissed in the middle of connecting.
"""

from __future__ import annotations

from signaling.screens import Screens
from signaling.visits import Visits, actor_for
from waiting_room.commands import LoseConnection

__all__ = ["Presence"]


class Presence:
    """Compares visits with screens; what is amiss twice in a row is put right."""

    def __init__(self, visits: Visits, screens: Screens) -> None:
        self._visits = visits
        self._screens = screens
        self._amiss: set[tuple[str, str, str]] = set()

    async def reconcile(self) -> None:
        """Do it once. Called every second, it gives a device that is just connecting a second's time."""
        amiss = {
            (visit.id, one.id, one.session)
            for visit in self._visits.on_board()
            for one in visit.participants
            if one.connected and one.session is not None and not self._screens.has(one.session)
        }
        for visit_id, participant_id, session in amiss & self._amiss:
            visit = self._visits.find(visit_id)
            one = visit.find(participant_id) if visit else None
            if visit is not None and one is not None:
                lost = LoseConnection(actor=actor_for(visit, one), participant=one.id, session=session)
                await self._visits.quietly(visit_id, lost)
        self._amiss = amiss - self._amiss
