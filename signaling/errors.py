"""What a request is refused with: a stable code, a text for developers, an HTTP status, and facts that may be shown."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Self

from signaling.wire import instant
from waiting_room.errors import (
    AlreadyAdmitted,
    CheckInIncomplete,
    ConfirmationNeeded,
    InvalidAnswer,
    InvalidBooking,
    InvalidText,
    TooEarly,
    TooMany,
    WaitingRoomError,
)

__all__ = ["RequestRefused", "refusal_of"]

_TEXTS: Final[dict[str, tuple[HTTPStatus, str]]] = {
    "bad_request": (HTTPStatus.BAD_REQUEST, "the request does not have the documented shape"),
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is larger than allowed"),
    "too_many_attempts": (HTTPStatus.TOO_MANY_REQUESTS, "too many attempts; wait and try again"),
    "too_many_requests": (HTTPStatus.TOO_MANY_REQUESTS, "too many requests in a short time"),
    "unauthorized": (HTTPStatus.UNAUTHORIZED, "the token is missing, wrong or out of date"),
    "sign_in_failed": (HTTPStatus.UNAUTHORIZED, "the user name or the password is wrong"),
    "forbidden": (HTTPStatus.FORBIDDEN, "this role may not do that"),
    "not_found": (HTTPStatus.NOT_FOUND, "there is nothing here"),
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "this address does not take this method"),
    "invitation_unknown": (HTTPStatus.NOT_FOUND, "no link has this code"),
    "check_in_incomplete": (HTTPStatus.CONFLICT, "check-in is not complete"),
    "identity_needed": (HTTPStatus.CONFLICT, "the clinic asks for the date of birth first"),
    "birth_date_wrong": (HTTPStatus.CONFLICT, "it is another date"),
    "confirmation_needed": (HTTPStatus.CONFLICT, "something must be confirmed before admission"),
    "item_unknown": (HTTPStatus.NOT_FOUND, "there is no such check-in item for this person"),
    "photo_unknown": (HTTPStatus.NOT_FOUND, "there is no such photo for this person"),
    "message_unknown": (HTTPStatus.NOT_FOUND, "there is no such message"),
    "account_unknown": (HTTPStatus.NOT_FOUND, "there is no such staff account"),
    "token_unknown": (HTTPStatus.NOT_FOUND, "there is no such API token"),
    "clinic_unknown": (HTTPStatus.NOT_FOUND, "there is no such clinic"),
    "too_many": (HTTPStatus.CONFLICT, "the visit holds as many of these as it may"),
    "invalid_answer": (HTTPStatus.UNPROCESSABLE_ENTITY, "the check-in item cannot be answered so"),
    "invalid_booking": (HTTPStatus.UNPROCESSABLE_ENTITY, "the appointment cannot be booked so"),
    "invalid_text": (HTTPStatus.UNPROCESSABLE_ENTITY, "the text cannot be kept so"),
    "password_weak": (HTTPStatus.UNPROCESSABLE_ENTITY, "the password is too easy to guess"),
    "idempotency_key_reused": (HTTPStatus.UNPROCESSABLE_ENTITY, "the idempotency key was used for another request"),
    "visit_unknown": (HTTPStatus.NOT_FOUND, "there is no such visit"),
    "participant_unknown": (HTTPStatus.NOT_FOUND, "there is no such participant in this visit"),
    "too_early": (HTTPStatus.CONFLICT, "the join window is not open yet"),
    "wrong_state": (HTTPStatus.CONFLICT, "that cannot be done in this state"),
    "already_admitted": (HTTPStatus.CONFLICT, "somebody else admitted this participant first"),
    "visit_full": (HTTPStatus.CONFLICT, "the visit has no place left"),
    "busy_elsewhere": (HTTPStatus.CONFLICT, "you are in another visit"),
    "session_replaced": (HTTPStatus.GONE, "another device took over"),
    "link_ended": (HTTPStatus.GONE, "this link has ended"),
    "removed": (HTTPStatus.GONE, "this participant was removed"),
    "no_media": (HTTPStatus.CONFLICT, "this participant has no media now"),
    "captions_taken": (HTTPStatus.CONFLICT, "somebody else types captions now"),
    "bad_photo": (HTTPStatus.UNPROCESSABLE_ENTITY, "the photo is no JPEG that can be shown"),
    "bad_sdp": (HTTPStatus.BAD_REQUEST, "the session description cannot be used"),
    "ssrc_conflict": (HTTPStatus.CONFLICT, "an SSRC is already used in this visit"),
    "storage_failed": (HTTPStatus.SERVICE_UNAVAILABLE, "the store cannot be read or written now; nothing was changed"),
    "draining": (HTTPStatus.SERVICE_UNAVAILABLE, "this node is going down; connect again"),
    "internal": (HTTPStatus.INTERNAL_SERVER_ERROR, "the server failed; the fault is in its log"),
}


class RequestRefused(Exception):
    """Answer the request with this code. ``facts`` are added to the error object."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        self.status, self.message = _TEXTS[code]
        super().__init__(code)

    @classmethod
    def known(cls, code: str) -> Self:
        """Refuse with this code, or with ``internal`` where it is not a documented one."""
        return cls(code if code in _TEXTS else "internal")

    @property
    def body(self) -> dict[str, Any]:
        """The wire's form: ``{"error": {"code", "message", …facts}}``."""
        return {"error": {"code": self.code, "message": self.message, **self.facts}}


def refusal_of(error: WaitingRoomError) -> RequestRefused:
    """Translate a refusal of the domain; an undocumented code becomes ``internal``."""
    match error:
        case TooEarly():
            return RequestRefused(
                error.code, **{name: instant(datetime.fromisoformat(value)) for name, value in error.facts.items()}
            )
        case (
            AlreadyAdmitted()
            | CheckInIncomplete()
            | ConfirmationNeeded()
            | InvalidAnswer()
            | InvalidBooking()
            | InvalidText()
            | TooMany()
        ):
            return RequestRefused(error.code, **error.facts)
        case _:
            return RequestRefused.known(error.code)
