"""Remedies of the platforms: each refusal of access leads to somebody who can mend it."""

import pytest

from adapters.google_ads.remedies import REMEDIES as GOOGLE
from adapters.meta_ads.errors import RULES, Answer, fault_of, platform_error
from adapters.meta_ads.remedies import REMEDIES as META
from agent.domain.errors import AccessDenied, Misunderstood, PlatformError, RateLimited
from agent.wiring.remedy import remedy


def told(error: PlatformError, known: object) -> str:
    return remedy(error, known, sandbox=False, credentials="credentials")  # type: ignore[arg-type]  # a mapping


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("User doesn't have permission (authorization_error.USER_PERMISSION_DENIED)", "Access and security"),
        ("not yet enabled (authorization_error.CUSTOMER_NOT_ENABLED)", "not active"),
        ("no such customer (authentication_error.CUSTOMER_NOT_FOUND)", "correct `id`"),
        ("(authorization_error.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION)", "Basic access"),
        ("Google refused the credentials: invalid_grant: Token has been expired", "refresh token"),
        ("Google refused the credentials: invalid_client: Unauthorized", "client_id and client_secret"),
        ("(authentication_error.NOT_ADS_USER)", "Access and security"),
        ("(authorization_error.ACTION_NOT_PERMITTED)", "standard access"),
    ],
)
def test_google_says_whose_turn_it_is(message: str, words: str) -> None:
    """The most usual refusals of a new set-up."""
    assert words in told(AccessDenied("google_ads:1", message), GOOGLE)


def test_a_quota_of_the_day_names_the_access_level() -> None:
    """Gebot's own count and Google's refusal alike."""
    own = RateLimited("google_ads:1", "2880 of 2880 operations of 24 hours are used", 3600)
    theirs = RateLimited("google_ads:1", "(quota_error.RESOURCE_EXHAUSTED)", 3600)

    assert all("access level" in told(error, GOOGLE) for error in (own, theirs))


@pytest.mark.parametrize(
    ("code", "subcode", "words"),
    [
        (190, 463, "has run out"),
        (190, None, "make a new one"),
        (102, None, "make a new one"),
        (10, None, "Assigned assets"),
        (200, None, "Assigned assets"),
        (273, None, "Assigned assets"),
        (294, None, "ads_management"),
        (100, 33, "compare `id`"),
        (3, None, "Marketing API"),
        (368, None, "Account quality"),
        (613, 1487632, "four budget changes"),
        (80004, None, "waits"),
        (17, 2446079, "waits"),
    ],
)
def test_meta_says_whose_turn_it_is(code: int, subcode: int | None, words: str) -> None:
    """By code, as the adapter writes it."""
    error = platform_error("meta_ads:1", fault_of({"code": code, "error_subcode": subcode, "message": "no"}))

    assert words in told(error, META)


def test_no_denial_of_meta_is_left_to_general_words() -> None:
    """Every rule that stops the account has a remedy of its own."""
    for rule in RULES:
        if rule.answer in (Answer.DENIED, Answer.GONE):
            fault = fault_of({"code": rule.code, "error_subcode": rule.subcode, "message": "no"})

            assert told(platform_error("meta_ads:1", fault), META) in META.values(), rule


def test_an_invalid_parameter_is_not_taken_for_a_missing_right() -> None:
    """Codes that begin alike mean different things."""
    error = platform_error("meta_ads:1", fault_of({"code": 100, "message": "Invalid parameter"}))

    assert isinstance(error, Misunderstood) and "compare `id`" in told(error, {})
    assert "Assigned assets" not in told(error, META)
