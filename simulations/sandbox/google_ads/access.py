"""Access: who calls, and which customers they may call for."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulations.sandbox.google_ads.refusal import Refusal

API_USER = "api@sandbox.example"
"""Who a token stands for that is not an e-mail address itself."""


@dataclass(frozen=True, slots=True)
class _Token:
    user: str
    ends: datetime


class Tokens:
    """Access tokens that the sandbox's own sign-in gave out. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given: dict[str, _Token] = {}
        self._revoked: set[str] = set()

    def give(self, token: str, user: str, now: datetime, lasts: timedelta) -> None:
        """Let a token stand for a user, for some time."""
        with self._lock:
            self._given[token] = _Token(user, now + lasts)

    def revoke(self, user: str) -> None:
        """Sign a user out everywhere."""
        with self._lock:
            self._revoked.add(user)

    def restore(self, user: str) -> None:
        """Let a user sign in again."""
        with self._lock:
            self._revoked.discard(user)

    def is_revoked(self, user: str) -> bool:
        with self._lock:
            return user in self._revoked

    def user_of(self, token: str, now: datetime) -> str | None:
        """Who the token stands for; None when it is not one of these.

        Raises:
            Refusal: It has ended, or its user was signed out.
        """
        with self._lock:
            known = self._given.get(token)
            if known is None:
                return None
            if known.user in self._revoked:
                raise Refusal(
                    "authentication_error.OAUTH_TOKEN_REVOKED",
                    "The OAuth token in the header has been revoked.",
                )
            if now >= known.ends:
                raise Refusal(
                    "authentication_error.OAUTH_TOKEN_EXPIRED",
                    "The OAuth token in the header has expired.",
                )
            return known.user


class Access:
    """Lets in callers with a token, for the account and for the manager above it.

    Attributes:
        manager: Customer id of the manager account; None: there is none.
    """

    def __init__(
        self, customer: str, *, tokens: Tokens | None = None, manager: str | None = None, strict: bool = False
    ) -> None:
        """Guard one account.

        Args:
            strict: Only tokens that the sandbox gave out are let in, else any.
        """
        self.tokens = Tokens() if tokens is None else tokens
        self.manager = manager
        self._customer = customer
        self._strict = strict

    def caller(self, metadata: Mapping[str, str], now: datetime) -> str:
        """Who calls: of a token that nobody gave out, the token itself when it is an e-mail address.

        Raises:
            Refusal: There is no token, or not a good one.
        """
        scheme, _, token = metadata.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(
                "authentication_error.OAUTH_TOKEN_HEADER_INVALID", "The call carries no OAuth access token."
            )
        user = self.tokens.user_of(token, now)
        if user is not None:
            return user
        if self._strict:
            raise Refusal(
                "authentication_error.OAUTH_TOKEN_INVALID", "The OAuth token in the header is not valid."
            )
        return token if "@" in token else API_USER

    def check_customer(self, customer: str, metadata: Mapping[str, str]) -> None:
        """Refuse other people's accounts.

        Raises:
            Refusal: The caller has no access to the customer, or not through this login.
        """
        own = {self._customer, self.manager} - {None}
        login = metadata.get("login-customer-id")
        through_manager = self.manager is None or login in (None, customer, self.manager)
        if customer not in own or not through_manager:
            raise Refusal(
                "authorization_error.USER_PERMISSION_DENIED",
                "User doesn't have permission to access customer. Note: If you're accessing a client "
                "customer, the manager's customer id must be set in the 'login-customer-id' header.",
            )
