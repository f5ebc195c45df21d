"""Client: the official SDK for one account: one session, no global state, no token in any word."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import sleep as _sleep
from typing import Any

from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookError, FacebookRequestError
from facebook_business.session import FacebookSession
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ConnectTimeout, ReadTimeout, RequestException
from urllib3.exceptions import MaxRetryError, NewConnectionError

from adapters.meta_ads.errors import Answer, CallFailed, Fault, fault_of
from adapters.meta_ads.parsing import Once
from adapters.meta_ads.redaction import Redaction, hide_in_logs
from adapters.meta_ads.usage import Scope, Usage
from agent.ports.clock import Clock

API_VERSION = "v26.0"
MAX_BATCH = 50  # calls in one request

Path_ = tuple[str, ...]


class Client:
    """Calls on behalf of one ad account. Raises `CallFailed` and nothing else.

    Every call has a deadline and is sent once. Calls are spread when an account comes near one of
    Meta's limits, and not sent any more before it is hit.
    """

    def __init__(
        self,
        account: str,
        token: str,
        clock: Clock,
        *,
        app_secret: str | None = None,
        endpoint: str | None = None,
        ca_file: Path | None = None,
        timeout_s: float = 60.0,
        sleep: Any = _sleep,
    ) -> None:
        """Open a session; nothing is sent.

        Args:
            account: Digits, without "act_".
            endpoint: "http://127.0.0.1:8443" for a sandbox; None: Meta.
        """
        self.account = account
        self.sleep = sleep
        self._clock = clock
        self._usage = Usage()
        session = FacebookSession(None, app_secret, token, timeout=timeout_s)
        session.requests.trust_env = False  # else a proxy or a CA of the environment wins
        session.requests.max_redirects = 0  # the token goes where it was sent and nowhere else
        if endpoint is not None:
            session.GRAPH = endpoint.rstrip("/")
        if ca_file is not None:
            session.requests.verify = str(ca_file)
        self._once = Once(session.requests)
        session.requests = self._once
        self._api = FacebookAdsApi(session, api_version=API_VERSION)
        self._lock = threading.Lock()
        self._hidden = Redaction((token, app_secret or "", getattr(session, "appsecret_proof", "")))
        hide_in_logs()

    def get(self, path: Path_, params: Mapping[str, Any], scope: Scope = Scope.MANAGEMENT) -> Any:
        """The JSON object that a GET is answered with."""
        return self._object("GET", path, params, scope)

    def post(self, path: Path_, params: Mapping[str, Any], scope: Scope = Scope.MANAGEMENT) -> Any:
        """The JSON object that a POST is answered with."""
        return self._object("POST", path, params, scope)

    def rows(
        self, path: Path_, params: Mapping[str, Any], scope: Scope = Scope.MANAGEMENT
    ) -> Iterator[Mapping[str, Any]]:
        """The entries of an edge, page after page.

        A page goes on as long as Meta names a next one, be it empty or not: the SDK's own cursor
        stops at an empty page.
        """
        after = ""
        while True:
            page = self.get(path, {**params, "after": after} if after else params, scope)
            data = page.get("data") if isinstance(page, Mapping) else None
            if not isinstance(data, list):
                raise CallFailed(Fault(Answer.PASSING, "Meta's answer had no list of entries"))
            yield from data
            paging = page.get("paging") or {}
            if not paging.get("next"):
                return
            following = str((paging.get("cursors") or {}).get("after") or "")
            if not following or following == after:
                raise CallFailed(Fault(Answer.PASSING, "Meta named a next page, but not where it begins"))
            after = following

    def batch(self, calls: Sequence[Mapping[str, str]]) -> list[Any]:
        """Send at most `MAX_BATCH` calls in one request; the raw entries of the answer, None for a lost one.

        Raises:
            CallFailed: The request as a whole came to nothing, or nobody knows.
        """
        answer = self._call("POST", (), {"batch": list(calls)}, Scope.MANAGEMENT)
        if not isinstance(answer, list):
            raise CallFailed(Fault(Answer.PASSING, "Meta's answer to a batch was no list"))
        now = self._clock.now()
        for entry in answer:
            if isinstance(entry, Mapping):
                self._usage.note(headers_of(entry), now)
        return answer

    def fault_of_entry(self, body: Mapping[str, Any], status: object) -> Fault:
        """Classify the `error` inside an entry of a batch; its HTTP status may be anything."""
        known = status if isinstance(status, int) else 0
        return self._noted(fault_of(body["error"], status=known), Scope.MANAGEMENT)

    def check_usage(self, scope: Scope = Scope.MANAGEMENT) -> None:
        """Raise `CallFailed` when a call had to wait; nothing was sent."""
        wait_s = self._usage.wait_s(scope, self._clock.now())
        if wait_s > 0:
            words = "the account is near a limit of Meta's, and gebot waits before it is hit"
            raise CallFailed(Fault(Answer.WAIT, words, wait_s=wait_s, sent=False))

    def _object(self, method: str, path: Path_, params: Mapping[str, Any], scope: Scope) -> Any:
        answer = self._call(method, path, params, scope)
        if not isinstance(answer, dict):
            raise CallFailed(Fault(Answer.PASSING, "Meta's answer was no JSON object"))
        return answer

    def _call(self, method: str, path: Path_, params: Mapping[str, Any], scope: Scope) -> Any:
        self.check_usage(scope)
        pause_s = self._usage.pause_s(scope, self._clock.now())
        if pause_s > 0:
            self.sleep(pause_s)
        response = parsed = None
        try:
            with self._lock:  # what was parsed belongs to this call
                response = self._api.call(method, path, params=dict(params))
                parsed = self._once.parsed
        except FacebookRequestError as error:
            fault = self._refusal(error)
        except RequestException as error:
            fault = _silence(error)
        except (FacebookError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
            # The SDK stumbles over answers that are not what it expects, such as a proxy's page.
            fault = Fault(Answer.PASSING, "Meta's answer could not be read")
        if response is None:  # out here, so that no error of the client hangs on ours
            raise CallFailed(self._noted(fault, scope))
        self._usage.note(response.headers(), self._clock.now())
        if parsed is not None:
            return parsed
        try:
            return json.loads(response.body())
        except (ValueError, RecursionError):
            pass  # the SDK takes any page for a success that does not say "Service Unavailable"
        raise CallFailed(Fault(Answer.PASSING, f"the answer was no JSON (HTTP {response.status()})"))

    def _refusal(self, error: FacebookRequestError) -> Fault:
        wait_s = self._usage.note(error.http_headers() or {}, self._clock.now())
        body = error.body()
        given = body.get("error") if isinstance(body, Mapping) else None
        if not isinstance(given, Mapping):
            return Fault(Answer.PASSING, f"an answer without a reason (HTTP {error.http_status()})")
        return fault_of(given, wait_s, status=error.http_status() or 0)

    def _noted(self, fault: Fault, scope: Scope) -> Fault:
        """The fault without secrets; what it asks to wait is kept to from now on."""
        if fault.answer is Answer.WAIT:
            self._usage.hold(scope, fault.wait_s, self._clock.now())
        return replace(fault, words=self._hidden(fault.words))


def headers_of(entry: Mapping[str, Any]) -> dict[str, str]:
    """Headers of an entry of a batch, which come as a list of names and values."""
    pairs = entry.get("headers") or ()
    return {
        str(pair["name"]): str(pair["value"])
        for pair in pairs
        if isinstance(pair, Mapping) and "name" in pair and "value" in pair
    }


def _silence(error: RequestException) -> Fault:
    """A call that got no answer, in words of ours: the library's own quote the whole address."""
    if isinstance(error, ConnectTimeout):
        return Fault(Answer.PASSING, "no connection within the time allowed", sent=False)
    if isinstance(error, ReadTimeout):
        return Fault(Answer.PASSING, "no answer within the time allowed")
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    if isinstance(error, NoConnection) and isinstance(reason, NewConnectionError):
        return Fault(Answer.PASSING, "nobody answers at the address", sent=False)
    return Fault(Answer.PASSING, f"the connection failed ({type(error).__name__})")
