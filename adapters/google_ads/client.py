"""Client: the official Google Ads client for one account, built on the first call."""

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
from google.ads.googleads.client import GoogleAdsClient
from google.ads.googleads.v26.services.types.google_ads_service import SearchGoogleAdsStreamRequest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request

from adapters.google_ads.errors import CALL_FAILURES, delay_s, is_of_the_day
from adapters.google_ads.faults import Fault, faults_of
from adapters.google_ads.quota import Quota

API_VERSION = "v26"  # one version only: a second one costs a second and 41 MB

# The client warns on every failed call, with account and request ids; gebot reports failures itself.
logging.getLogger("google.ads.googleads").setLevel(logging.CRITICAL)

_opening = threading.Lock()


class Client:
    """Calls on behalf of one customer. Raises what the SDK raises; see `errors`.

    Every call has a deadline, is counted and is sent once. Credentials are refreshed before the
    call, not during it, so that a refused sign-in is never taken for a lost reply. Every method
    that calls raises `RateLimited`, and sends nothing, where the project's quota has no room.

    Attributes:
        request_id: Google's name for the last mutate that was answered; "" when it gave none.
    """

    def __init__(
        self,
        customer: str,
        credentials: Any,
        quota: Quota,
        *,
        login_customer_id: str | None = None,
        developer_token: str | None = None,
        endpoint: str | None = None,
        ca_file: Path | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        self.customer = customer
        self.request_id = ""
        self._credentials = credentials
        self._quota = quota
        self._expired = self._renewed = False
        self._login_customer_id = login_customer_id
        self._developer_token = developer_token
        self._endpoint = endpoint
        self._ca_file = ca_file
        self._timeout_s = timeout_s
        self._sdk: GoogleAdsClient | None = None
        self._stubs: dict[str, Any] = {}

    def rows(self, query: str, *, urgent: bool = False) -> Iterator[Any]:
        """Rows of a GAQL query in protobuf form; see `batches`."""
        for batch in self.batches(query, urgent=urgent):
            yield from batch

    def batches(self, query: str, *, urgent: bool = False) -> Iterator[Iterable[Any]]:
        """The same rows as they arrive, up to 10,000 at once, which take tens of megabytes.

        A batch is let go before the next one comes, and any row keeps all of its batch: who reads
        many should keep none. Read them to the end: a call that is left half read is ended
        whenever Python's garbage collection comes by, in whatever thread, and gRPC may lock up or
        crash over that.

        Args:
            urgent: See `Quota.take`.
        """
        self._quota.take(self.customer, urgent=urgent)
        request = SearchGoogleAdsStreamRequest(customer_id=self.customer, query=query)
        with self._heeding():
            stream = self._ready("GoogleAdsService").search_stream(request=request, timeout=self._timeout_s)
            try:
                for batch in stream:
                    yield batch.results
                    del batch
            finally:
                stream.cancel()  # does nothing to a call that has ended

    def mutate(self, service: str, method: str, request: Any) -> Any:
        """Send one mutate request once; the answer in protobuf form."""
        self.request_id = ""
        self._quota.take(self.customer, len(request.operations), urgent=True)
        with self._heeding():
            return getattr(self._ready(service), method)(request=request, timeout=self._timeout_s)

    def room(self, operations: int) -> int:
        """How many of these operations the project's quota still has room for."""
        return self._quota.room(operations)

    def heed(self, faults: Sequence[Fault]) -> None:
        """Send nothing more while a quota of the day is used up, for one account or the project.

        A quota that refills by itself is waited for by whoever reads, as long as Google says.
        """
        for fault in faults:
            if is_of_the_day(fault):
                self._quota.pause(self.customer if fault.of_one_account else "", delay_s(fault))

    @contextmanager
    def _heeding(self) -> Iterator[None]:
        try:
            yield
        except CALL_FAILURES as error:
            faults = faults_of(error)
            self.heed(faults)
            if any(fault.name == "OAUTH_TOKEN_EXPIRED" for fault in faults):
                if self._renewed:
                    raise RefreshError("a token was refused as expired right after it was renewed") from error
                self._expired = True
            raise
        self._renewed = False

    def _ready(self, service: str) -> Any:
        """The stub of a service, with credentials that are valid now."""
        if self._expired or not self._credentials.valid:
            self._credentials.refresh(partial(Request(), timeout=self._timeout_s))
            self._expired, self._renewed = False, self._expired
        if service not in self._stubs:  # get_service opens a new channel each time
            self._stubs[service] = self._open(service)
        return self._stubs[service]

    def _open(self, service: str) -> Any:
        if self._sdk is None:
            self._sdk = GoogleAdsClient(
                self._credentials,
                developer_token=self._developer_token,
                endpoint=self._endpoint,
                login_customer_id=self._login_customer_id,
                version=API_VERSION,
                use_proto_plus=False,  # about nine times cheaper for each row
            )
        trust = nullcontext() if self._ca_file is None else _trusting(service, self._ca_file)
        with _opening, trust:
            return self._sdk.get_service(service, interceptors=[_RequestIds(self)])


class _RequestIds(grpc.UnaryUnaryClientInterceptor):  # type: ignore[misc]  # grpc has no types
    """Keeps the request id of each answer, which the SDK's response objects leave out."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        response = continuation(details, request)
        metadata = [*(response.initial_metadata() or ()), *(response.trailing_metadata() or ())]
        self._client.request_id = next((value for key, value in metadata if key == "request-id"), "")
        return response


@contextmanager
def _trusting(service: str, ca_file: Path) -> Iterator[None]:
    """Let channels of this service that are opened inside trust one certificate authority.

    The client has no setting for it, and gRPC's environment variable replaces the roots of the
    whole process. For a sandbox only, so the channel also stays clear of any proxy.
    """
    module = service_module(service)
    transport = getattr(module, f"{service}Client").get_transport_class()
    original = transport.__dict__["create_channel"]
    roots = grpc.ssl_channel_credentials(root_certificates=ca_file.read_bytes())

    def create_channel(cls: Any, /, *, options: Any = (), **rest: Any) -> Any:
        options = [*options, ("grpc.enable_http_proxy", 0)]
        return original.__func__(cls, ssl_credentials=roots, options=options, **rest)

    transport.create_channel = classmethod(create_channel)
    try:
        yield
    finally:
        transport.create_channel = original


def service_module(service: str) -> Any:
    """The SDK's module of a service, "CampaignBudgetService" in campaign_budget_service."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in service)[1:]
    return import_module(f"google.ads.googleads.{API_VERSION}.services.services.{snake}")
