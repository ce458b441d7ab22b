"""Whoever may not be there any more is out at once, whatever took the right away: judged by what is, not by what happened.

So it makes no difference whether this process or another one (the command line) rescheduled, removed, renewed or revoked.
"""

from __future__ import annotations

from typing import Final

from signaling.screens import ByeCode, Screens
from signaling.staff_sessions import StaffSessions
from signaling.visits import Visits, actor_for
from waiting_room.commands import SignOff
from waiting_room.errors import ParticipantRemoved, SessionReplaced, WaitingRoomError
from waiting_room.model import Visit
from waiting_room.visit import authorize

__all__ = ["StaffSignOff", "dismiss_refused"]

_CODES: Final[dict[type[WaitingRoomError], ByeCode]] = {SessionReplaced: "replaced", ParticipantRemoved: "removed"}


def dismiss_refused(visit: Visit, screens: Screens) -> None:
    """End the screens of those whom this visit lets say nothing any more."""
    for screen in screens.of_visit(visit.id):
        try:
            authorize(visit, screen.person, screen.session)
        except WaitingRoomError as refusal:
            screens.dismiss(screen.session, _CODES.get(type(refusal), "link_ended"))


class StaffSignOff:
    """Ends the screens of staff sessions that are over, and frees the places in visits that they held."""

    def __init__(self, visits: Visits, screens: Screens, sessions: StaffSessions) -> None:
        self._visits = visits
        self._screens = screens
        self._sessions = sessions

    async def review(self) -> None:
        """Do it once. To be called once a second."""
        holding = self._holding_places()
        over = await self._sessions.review({*self._screens.staff(), *holding}, set(holding))
        for session, code in over.items():
            self._screens.dismiss(session, code)
            if code != "idle" and session in holding:
                await self._free_places(holding[session], session)

    def _holding_places(self) -> dict[str, str]:
        """Return whose sessions hold a place in a visit, in touch or not: person by session.

        Their sound and picture flow without a socket too.
        """
        found: dict[str, str] = {}
        for staff_id in self._visits.staff_inside():
            for visit in self._visits.with_staff(staff_id):
                one = visit.find(staff_id)
                if one is not None and one.session is not None:
                    found[one.session] = staff_id
        return found

    async def _free_places(self, staff_id: str, session: str) -> None:
        for visit in self._visits.with_staff(staff_id):
            one = visit.find(staff_id)
            if one is not None and one.session == session:
                await self._visits.quietly(visit.id, SignOff(actor=actor_for(visit, one)))
