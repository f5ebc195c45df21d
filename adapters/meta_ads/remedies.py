"""Remedies: what Meta's refusals ask of whom, for `gebot check`. By code, as `errors` writes them.

https://developers.facebook.com/docs/marketing-api/error-reference
"""

from collections.abc import Mapping

_TOKEN = "whoever keeps gebot's token"  # noqa: S105  # a person
_BUSINESS = "an administrator of the business portfolio"
_ASSIGN = (
    f"you: compare `id` with the ad account's; if it is right, {_BUSINESS}: assign the ad account to gebot's "
    "system user (Business settings, System users, Assigned assets): view performance to read, manage "
    "campaigns to write"
)
_WAIT = "nobody: a running gebot waits as long as Meta says"

REMEDIES: Mapping[str, str] = {
    "appsecret_proof": "you: name the app_secret of the token's app in [account.credentials]",
    "(190/463": f"{_TOKEN}: it has run out; make a new one for the system user, that never expires",
    "(190/460": f"{_TOKEN}: it was withdrawn (a password was changed); make a new one",
    "(190": f"{_TOKEN}: make a new one for the system user, with ads_read, or ads_management to write",
    "(102": f"{_TOKEN}: make a new one for the system user",
    "(100/33": _ASSIGN,
    "(803": _ASSIGN,
    "(294": f"{_TOKEN}: make one with the permission ads_management; this one may not write",
    "(3)": "the owner of the app: apply for the access to the Marketing API that it lacks",
    "(10)": _ASSIGN,
    "(10/": _ASSIGN,
    "(20": _ASSIGN,
    "(27": _ASSIGN,
    "(368": f"{_BUSINESS}: Meta has blocked this for a while; read its notice in Account quality",
    "(1404078": f"{_BUSINESS}: Meta has blocked this for a while; read its notice in Account quality",
    "(2859015": f"{_BUSINESS}: Meta has blocked this for a while; read its notice in Account quality",
    "the account is": f"{_BUSINESS}: settle what is open, or read the notice in Account quality",
    "(613/1487632": "nobody: four budget changes an hour are the limit, and gebot waits",
    "(4": _WAIT,
    "(17": _WAIT,
    "(613": _WAIT,
    "(80": _WAIT,
}
"""What stands in a message, and who should do what; the first that fits counts."""
