"""Door: whose call it is, whether they may come in, and what befalls the call."""

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulations.sandbox.meta_ads.call import Call
from simulations.sandbox.meta_ads.refusal import (
    BAD_TOKEN,
    MANAGEMENT_LIMIT,
    NO_TOKEN,
    OLD_VERSION,
    PARAMETER,
    Broken,
    Code,
    Refusal,
    is_code,
)
from simulations.sandbox.meta_ads.throttle import regain_header
from simulations.sandbox.shared.faults import Calls, Dialect, Fault, FaultKind

VERSIONS = ("v24.0", "v25.0", "v26.0")
API_USER = "gebot@sandbox.example"
"""Who a token stands for that is not an e-mail address itself."""

DIALECT = Dialect(
    kinds=frozenset(FaultKind),
    calls=frozenset(Calls),
    knows_code=is_code,
    example="613/1487632",
)
"""The faults of Meta Ads; it can answer with any code."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the sandbox lets in.

    Attributes:
        access_token: None: any; one that is an e-mail address is who the activities name.
        requires_proof: Whether a call without `appsecret_proof` is refused, as apps can be set to.
        permissions: That the token has.
    """

    app_id: str = "1000000000000001"
    app_secret: str = "sandbox-app-secret"  # noqa: S105  # of the sandbox alone
    access_token: str | None = None
    requires_proof: bool = False
    permissions: tuple[str, ...] = ("ads_management", "ads_read")


class Door:
    """Lets callers in."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def caller(self, call: Call) -> str:
        """Who calls.

        Raises:
            Refusal: The version, the token or its proof is wrong.
        """
        if call.version and call.version not in VERSIONS:
            raise Refusal(
                OLD_VERSION,
                "You are calling a deprecated version of the Ads API. Please update to the latest"
                f" version: {VERSIONS[-1]}.",
                violation="old_version",
            )
        token = call.params.get("access_token", "") or _bearer(call.headers)
        if not token:
            raise Refusal(NO_TOKEN, "An access token is required to request this resource.")
        wanted = self._credentials.access_token
        if wanted is not None and not hmac.compare_digest(token, wanted):
            raise Refusal(BAD_TOKEN)
        self._check_proof(token, call.params.get("appsecret_proof"))
        return token if "@" in token else API_USER

    def _check_proof(self, token: str, proof: str | None) -> None:
        if proof is None:
            if self._credentials.requires_proof:
                raise Refusal(PARAMETER, "API calls from the server require an appsecret_proof argument")
            return
        key = self._credentials.app_secret.encode()
        right = hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(proof.encode(), right.encode()):
            raise Refusal(PARAMETER, "Invalid appsecret_proof provided in the API argument")


def before_commit(faults: Sequence[Fault], account: str, tier: str) -> None:
    """Let happen what befalls the call before anything is done.

    Raises:
        Refusal, Broken: The call ends here.
    """
    for fault in faults:
        if fault.kind is FaultKind.LATENCY:
            time.sleep(fault.seconds)
        elif fault.kind is FaultKind.QUOTA:
            code = MANAGEMENT_LIMIT if fault.code is None else Code.parse(fault.code)
            raise Refusal(
                code,
                "There have been too many calls to this ad-account",
                headers=regain_header(account, fault.seconds, tier),
            )
        elif fault.kind is FaultKind.BEFORE_COMMIT:
            _fail(fault)


def after_commit(faults: Sequence[Fault]) -> None:
    """Let happen what befalls the call when all was done, but before the reply.

    Raises:
        Refusal, Broken: The call ends so.
    """
    for fault in faults:
        if fault.kind is FaultKind.AFTER_COMMIT:
            _fail(fault)


def loses_reply(faults: Sequence[Fault]) -> bool:
    return any(fault.kind is FaultKind.AFTER_COMMIT for fault in faults)


def refused_entries(faults: Sequence[Fault]) -> Mapping[int, Code]:
    """Calls of a batch that a fault refuses, by index; a call of its own is number 0."""
    return {
        fault.operation: Code.parse(fault.code or "") for fault in faults if fault.kind is FaultKind.OPERATION
    }


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token if scheme.lower() in ("bearer", "oauth") else ""


def _fail(fault: Fault) -> None:
    if fault.code is None:
        raise Broken
    raise Refusal(Code.parse(fault.code), "The sandbox was told to fail here")
