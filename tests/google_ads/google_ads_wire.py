"""The official client itself, without gebot's adapter, on a sandbox."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
from google.ads.googleads.client import GoogleAdsClient
from google.auth.credentials import Credentials as AnyCredentials
from google.oauth2.credentials import Credentials

from simulations.sandbox.google_ads.serve import Sandbox

CUSTOMER = "1234567890"
TIMEOUT_S = 20


class Wire:
    """Calls as the official client sends them; stubs are kept, so that a test file opens few channels."""

    def __init__(
        self, sandbox: Sandbox, *, credentials: AnyCredentials | None = None, login: str | None = None
    ) -> None:
        self._ca_file = sandbox.ca_file
        self._client = GoogleAdsClient(
            credentials=credentials or Credentials("token"),
            endpoint=sandbox.endpoint,
            login_customer_id=login,
            version="v26",
            use_proto_plus=False,
        )
        self._stubs: dict[str, Any] = {}

    def service(self, name: str) -> Any:
        """The stub of a service that trusts the sandbox."""
        if name not in self._stubs:
            with _trusting(name, self._ca_file):
                self._stubs[name] = self._client.get_service(name)
        return self._stubs[name]

    def message(self, name: str) -> Any:
        """An empty message of the API, in protobuf form."""
        return self._client.get_type(name)

    def rows(self, query: str, customer: str = CUSTOMER) -> list[Any]:
        stream = self.service("GoogleAdsService").search_stream(
            customer_id=customer, query=query, timeout=TIMEOUT_S
        )
        return [row for batch in stream for row in batch.results]

    def mutate(self, service: str, operations: list[Any], **flags: Any) -> Any:
        """Send operations to one of the mutate services."""
        plural = re.sub(r"(?<!^)([A-Z])", r"_\1", _PLURALS[service]).lower()
        request = self.message(f"Mutate{_PLURALS[service]}Request")
        request.customer_id = CUSTOMER
        request.operations.extend(operations)
        for name, value in flags.items():
            setattr(request, name, value)
        return getattr(self.service(service), f"mutate_{plural}")(request=request, timeout=TIMEOUT_S)


_PLURALS = {
    "CampaignBudgetService": "CampaignBudgets",
    "CampaignService": "Campaigns",
    "AdGroupService": "AdGroups",
    "AdGroupCriterionService": "AdGroupCriteria",
    "BiddingStrategyService": "BiddingStrategies",
    "BiddingDataExclusionService": "BiddingDataExclusions",
    "BiddingSeasonalityAdjustmentService": "BiddingSeasonalityAdjustments",
}


@contextmanager
def _trusting(service: str, ca_file: Path) -> Iterator[None]:
    """Let channels of this service that are opened inside trust the sandbox, as gebot's adapter does."""
    snake = re.sub(r"(?<!^)([A-Z])", r"_\1", service).lower()
    module = import_module(f"google.ads.googleads.v26.services.services.{snake}")
    transport = getattr(module, f"{service}Client").get_transport_class()
    original = transport.__dict__["create_channel"]
    roots = grpc.ssl_channel_credentials(root_certificates=ca_file.read_bytes())

    def create_channel(cls: Any, /, **rest: Any) -> Any:
        return original.__func__(cls, ssl_credentials=roots, **rest)

    transport.create_channel = classmethod(create_channel)
    try:
        yield
    finally:
        transport.create_channel = original
