"""How staff prove who they are. The password is one way; others can stand beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from signaling.accounts import Accounts
from signaling.errors import RequestRefused
from signaling.http_messages import SignInRequest
from signaling.limits import Throttle
from waiting_room.store import StaffAccount

__all__ = ["PasswordSignIn", "SignInMethod", "Source"]

PASSWORDS: Final = 10
PASSWORDS_PER_SOURCE: Final = 50
WINDOW_S: Final = 300.0

Proof_contra = TypeVar("Proof_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an attempt comes from: ``key`` is the address, or, where this person signed in there before, the ``known`` device."""

    key: str = field(repr=False)
    device: str
    known: bool = False


class SignInMethod(Protocol[Proof_contra]):
    """Turns the proof of a request into the account that it is of; the session that follows is the same for all methods.

    OpenID Connect would be a second implementation: its proof is the authorization code and the state of the callback. It
    redeems the code with its PKCE verifier, checks the ID token's signature, ``iss``, ``aud``, ``exp`` and ``nonce``, and
    returns the account that the operator linked to this ``iss`` and ``sub``; it never makes one. Such an account has no
    password hash, so no password opens it.
    """

    async def account_of(self, proof: Proof_contra, source: Source) -> StaffAccount:
        """Return the account. Raises `RequestRefused`: ``sign_in_failed`` whatever was wrong, or ``too_many_attempts``."""


class PasswordSignIn:
    """User name and password.

    Failures are counted by source, and by name and source, never by name alone: whoever guesses elsewhere cannot lock a
    colleague out. Somebody behind the clinic's own address cannot either: a device known to be the colleague's counts alone.
    """

    def __init__(self, accounts: Accounts, *, monotonic: Callable[[], float]) -> None:
        self._accounts = accounts
        self._by_name = Throttle(PASSWORDS, WINDOW_S, clock=monotonic)
        self._by_source = Throttle(PASSWORDS_PER_SOURCE, WINDOW_S, clock=monotonic)

    async def account_of(self, proof: SignInRequest, source: Source) -> StaffAccount:
        """Return the account whose password this is."""
        pair = f"{source.key} {proof.username}"
        with self._by_name.attempt(pair), self._by_source.attempt(source.key):
            account = await self._accounts.check_password(
                proof.username, proof.password, device=source.device, known=source.known
            )
            if account is None:
                raise RequestRefused("sign_in_failed")
        return account
