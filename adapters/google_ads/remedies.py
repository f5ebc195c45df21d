"""Remedies: what Google's refusals ask of whom, for `gebot check`.

Names of errors are those of https://developers.google.com/google-ads/api/reference/rpc/v26/overview
"""

from collections.abc import Mapping

_OWNER = "an administrator of the Google Ads account"
_SIGN_IN = "whoever keeps gebot's credentials"
_PROJECT = "the owner of the Google Cloud project"

REMEDIES: Mapping[str, str] = {
    "this is a manager account": (
        "you: name an account below it as `id`, and this one as login_customer_id in [account.options]"
    ),
    "USER_PERMISSION_DENIED": (
        f"{_OWNER}: add the identity that gebot signs in as (Admin, Access and security), with standard "
        "access where it writes; you: where access comes through a manager account, name that as "
        "login_customer_id in [account.options]"
    ),
    "CUSTOMER_NOT_ENABLED": f"{_OWNER}: finish its set-up, or open it again; it is not active",
    "CUSTOMER_NOT_FOUND": "you: correct `id`; Google Ads shows it at the top of its pages as 123-456-7890",
    "INVALID_CUSTOMER_ID": "you: correct `id`; Google Ads shows it at the top of its pages as 123-456-7890",
    "INVALID_LOGIN_CUSTOMER_ID": (
        "you: correct login_customer_id in [account.options]: it is the manager account, or nothing"
    ),
    "NOT_ADS_USER": (
        f"{_OWNER}: add the identity that gebot signs in as (Admin, Access and security); it is in no "
        "Google Ads account yet"
    ),
    "ACTION_NOT_PERMITTED": f"{_OWNER}: give the writing identity standard access; it may only read",
    "CLOUD_PROJECT_NOT_APPROVED": (
        f"{_PROJECT}: apply for Basic access to the Google Ads API; until then only test accounts answer"
    ),
    "PROJECT_DISABLED": f"{_PROJECT}: enable the Google Ads API in it",
    "SERVICE_DISABLED": f"{_PROJECT}: enable the Google Ads API in it",
    "ORGANIZATION_NOT": f"{_PROJECT}: finish the set-up of its organization for the Google Ads API",
    "TWO_STEP_VERIFICATION_NOT_ENROLLED": f"{_SIGN_IN}: switch on 2-step verification for that user",
    "OAUTH_TOKEN_REVOKED": f"{_SIGN_IN}: sign in anew and store the new refresh token",
    "OAUTH_TOKEN_DISABLED": f"{_SIGN_IN}: sign in anew and store the new refresh token",
    "OAUTH_TOKEN_INVALID": f"{_SIGN_IN}: sign in anew and store the new refresh token",
    "invalid_grant": (
        f"{_SIGN_IN}: sign in anew and store the new refresh token (those of an app in testing run out after "
        "7 days), or make a new key of the service account"
    ),
    "invalid_client": f"{_SIGN_IN}: client_id and client_secret do not belong together; copy both anew",
    "unauthorized_client": (
        f"{_SIGN_IN}: the refresh token was made by another OAuth client; sign in with this one"
    ),
    "DEVELOPER_TOKEN": "you: leave developer_token out; Google no longer asks for one",
    "ACCESS_PROHIBITED": f"{_PROJECT}: ask Google's support why its access was withdrawn",
    "EXCESSIVE_": "nobody: a running gebot waits as long as Google says",
    "RESOURCE_TEMPORARILY_EXHAUSTED": "nobody: a running gebot waits as long as Google says",
    "operations of 24 hours are used": (
        "nobody, gebot waits; if it happens often: read less often (observe_every), or apply for a higher "
        "access level and say so in operations_per_day"
    ),
    "quota_error.RESOURCE_EXHAUSTED": (
        f"{_PROJECT}: apply for a higher access level; until tomorrow nothing more goes"
    ),
}
"""What stands in a message, and who should do what; the first that fits counts."""
