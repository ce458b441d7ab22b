"""Who asks on ``/care``: a window's session and account, looked at anew with every request, and whose visits they may touch."""

from __future__ import annotations

from dataclasses import dataclass, field

from signaling.accounts import actor_of
from signaling.care_queue import QueueFeed
from signaling.errors import RequestRefused
from signaling.screens import Screen, Screens
from signaling.staff_sessions import StaffSessions
from signaling.tokens import SessionClaims
from signaling.visits import Visits
from waiting_room.commands import Command
from waiting_room.errors import VisitUnknown
from waiting_room.model import Actor, ParticipantPhase, Visit
from waiting_room.store import Links, StaffAccount
from waiting_room.visit import sees

__all__ = ["CareAccess", "Window"]


@dataclass
class Window:
    """One staff screen: who signed in there, and what it holds of the list."""

    account: StaffAccount
    claims: SessionClaims = field(repr=False)
    feed: QueueFeed = field(default_factory=QueueFeed)

    @property
    def staff(self) -> Actor:
        """Who sits there, as the domain sees them."""
        return actor_of(self.account, self.claims.device)


class CareAccess:
    """Knows the windows, and gives commands in their names."""

    def __init__(self, visits: Visits, screens: Screens, sessions: StaffSessions) -> None:
        self._visits = visits
        self._screens = screens
        self._sessions = sessions
        self.windows: dict[Screen, Window] = {}

    async def live(self, screen: Screen) -> Actor:
        """Return who asks. A session that is over, or an account that has another role or clinic now, asks nothing any more.

        Raises `RequestRefused` ``unauthorized``.
        """
        window = self.windows.get(screen)
        if window is None or not self._screens.speaks(screen):
            raise RequestRefused("unauthorized")
        try:
            account = await self._sessions.check(window.claims)
        except RequestRefused:
            self._screens.dismiss(screen.session, "session_expired")
            raise
        if not self.follow(screen, account):
            raise RequestRefused("unauthorized")
        return window.staff

    def follow(self, screen: Screen, account: StaffAccount) -> bool:
        """Take the account as it is now; its window sees the list anew. False where the window is gone, or has to go.

        It has to where the account has other rights than it was opened with.
        """
        window = self.windows.get(screen)
        if window is None:
            return False
        if (account.role, account.clinic_id) != (window.account.role, window.account.clinic_id):
            self._screens.dismiss(screen.session, "session_expired")
            return False
        if account != window.account:
            window.account = account
            window.feed.start_over()
            self._screens.again(screen)
        return True

    async def give(self, visit_id: str, command: Command, links: Links | None = None) -> Visit:
        """Give a command about a visit that this person sees. Raises `VisitUnknown` for any other."""
        visit = self._visits.find(visit_id) or await self._visits.load(visit_id)
        if not sees(visit, command.actor):
            raise VisitUnknown
        return await self._visits.handle(visit_id, command, links)

    async def inside(self, screen: Screen, visit_id: str) -> tuple[Actor, Visit]:
        """Return who asks and the visit, if this window holds their place in its media. Raises ``no_media``."""
        staff = await self.live(screen)
        visit = self._visits.find(visit_id)
        mine = visit.find(staff.id) if visit else None
        if (
            visit is None
            or mine is None
            or mine.phase is not ParticipantPhase.IN_VISIT
            or mine.session != screen.session
        ):
            raise RequestRefused("no_media")
        return staff, visit
