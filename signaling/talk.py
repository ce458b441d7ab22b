"""Chat and captions in a visit, for both namespaces (``docs/protocol.md`` §3 and §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from signaling.captions import Captions, may_type
from signaling.errors import RequestRefused
from signaling.limits import Throttle
from signaling.screens import Screens
from signaling.talk_messages import CaptionCard, ChatCard, TalkCard
from signaling.visits import Visits
from waiting_room import commands as do
from waiting_room.chat import reads
from waiting_room.errors import InvalidText
from waiting_room.model import Actor, Participant, Visit
from waiting_room.text import check_text

__all__ = ["Talk"]

LINES: Final = 20
WINDOW_S: Final = 10.0
CAPTION_LENGTH: Final = 200


class Talk:
    """Takes what people in a visit write. Both kinds are limited together: `LINES` in `WINDOW_S` from each person."""

    def __init__(self, *, visits: Visits, screens: Screens, captions: Captions, monotonic: Callable[[], float]) -> None:
        self._visits = visits
        self._screens = screens
        self._captions = captions
        self._limit = Throttle(LINES, WINDOW_S, clock=monotonic, code="too_many_requests")

    async def say(self, visit_id: str, actor: Actor, session: str, key: str, text: str) -> None:
        """Keep a line of chat. ``key`` is the page's own name for it, so that it can be sent again without harm."""
        self._limit.take(actor.id)
        said = do.Say(actor=actor, participant=actor.id, session=session, line=f"{actor.id}.{key}", text=text)
        await self._visits.handle(visit_id, said)

    def caption(self, visit: Visit, me: Participant, text: str) -> None:
        """Show a line of captions to everybody in the visit. Raises ``forbidden``, ``wrong_state`` or ``captions_taken``."""
        if not reads(me):
            raise RequestRefused("wrong_state")
        if not may_type(me):
            raise RequestRefused("forbidden")
        check_text(InvalidText, "text", text, CAPTION_LENGTH)
        self._limit.take(me.id)
        if not self._captions.type(visit.id, me.id, text.strip()):
            raise RequestRefused("captions_taken")
        self._screens.touch_inside(visit)

    def shown(self, visit: Visit, me: Participant) -> TalkCard | None:
        """Return what this person reads now; None for one who is not in the visit, or is on hold."""
        if not reads(me):
            return None
        return TalkCard(
            chat=[
                ChatCard(id=one.id, sender=one.sender, name=one.sender_name, at=one.at, text=one.text)
                for one in visit.chat
            ],
            captions=self._captioned(visit),
        )

    def _captioned(self, visit: Visit) -> CaptionCard | None:
        typed = self._captions.of(visit.id)
        who = visit.find(typed.participant) if typed else None
        if typed is None or who is None:
            return None
        return CaptionCard(participant=who.id, name=who.name, number=typed.number, lines=list(typed.lines))
