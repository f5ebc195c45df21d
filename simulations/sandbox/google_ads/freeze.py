"""Freeze: copy the descriptors of the SDK's messages, for `messages` to start from.

    python -m simulations.sandbox.google_ads.freeze

To be run again when the version of the SDK changes.
"""

import zlib
from importlib import import_module
from typing import Any

from google.protobuf import descriptor_pb2

from simulations.sandbox.google_ads.messages import API, FROZEN

_ROOTS = {
    "services.types.google_ads_service": "SearchGoogleAdsRequest",
    "services.types.customer_service": "ListAccessibleCustomersRequest",
    "services.types.campaign_budget_service": "MutateCampaignBudgetsRequest",
    "services.types.campaign_service": "MutateCampaignsRequest",
    "services.types.ad_group_service": "MutateAdGroupsRequest",
    "services.types.ad_group_criterion_service": "MutateAdGroupCriteriaRequest",
    "services.types.bidding_strategy_service": "MutateBiddingStrategiesRequest",
    "services.types.bidding_data_exclusion_service": "MutateBiddingDataExclusionsRequest",
    "services.types.bidding_seasonality_adjustment_service": "MutateBiddingSeasonalityAdjustmentsRequest",
    "errors.types.errors": "GoogleAdsFailure",
}


def frozen() -> bytes:
    """The files of all messages that the sandbox speaks, as the installed SDK has them."""
    files: dict[str, Any] = {}
    for module, name in _ROOTS.items():
        message = getattr(import_module(f"{API}.{module}"), name)
        _collect(message.pb(message()).DESCRIPTOR.file, files)
    together = descriptor_pb2.FileDescriptorSet(file=files.values())
    return bytes(together.SerializeToString(deterministic=True))


def _collect(file: Any, files: dict[str, Any]) -> None:
    """Add a file behind those that it needs, which the SDK lists in another order each time."""
    if file.name in files:
        return
    for needed in sorted(file.dependencies, key=lambda each: each.name):
        _collect(needed, files)
    copy = descriptor_pb2.FileDescriptorProto()
    file.CopyToProto(copy)
    copy.dependency[:] = sorted(copy.dependency)
    files[file.name] = copy


if __name__ == "__main__":
    FROZEN.write_bytes(zlib.compress(frozen(), 9))
