"""The JSON API does what its description says, and no request makes it fail."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from visiting import Browser, House, csrf, house

from agent.web.app import ROUTERS

_FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("api")) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(page: House) -> Browser:
    return page.signed_in("anna")


def operations() -> list[Any]:
    """Every operation that the description has."""
    app = FastAPI(title="gebot", version="1")
    for router in ROUTERS:
        app.include_router(router)
    return [found.ok() for found in schemathesis.openapi.from_dict(app.openapi()).get_all_operations()]


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.label)
def test_no_request_makes_it_fail(operation: Any, browser: Browser) -> None:
    """Whatever comes in: no 5xx, and an answer of a kind that the description knows."""
    token, known = csrf(browser), operation.definition.raw["responses"]

    @_FEW
    @given(case=operation.as_strategy())
    def answered(case: schemathesis.Case) -> None:
        answer = browser.send(
            case.method,
            quote(case.formatted_path, safe="/%"),
            params=case.query or None,
            headers={"x-csrf-token": token, "content-type": "application/json"},
            content=json.dumps(case.body, default=repr).encode(errors="replace"),
        )

        assert answer.status_code < 500 or case.path == "/health"
        assert str(answer.status_code) in known, (answer.status_code, sorted(known))
        assert answer.headers["content-type"] == "application/json"

    answered()


def test_the_description_names_every_route_of_the_api(page: House) -> None:
    """And no page; it needs nobody signed in, for there is no data in it."""
    paths = page.browser().get("/api/openapi.json").json()["paths"]

    assert {"/health", "/api/v1/me", "/api/v1/status", "/api/v1/stop", "/api/v1/resume"} <= set(paths)
    assert not any(path in paths for path in ("/", "/stop", "/sign-in"))


def test_a_program_stops_and_resumes(page: House, browser: Browser) -> None:
    """With the cookie of a person, and their token."""
    token = {"x-csrf-token": browser.get("/api/v1/me").json()["csrf"]}

    stopped = browser.post("/api/v1/stop", json={"because": "a drill"}, headers=token).json()
    resumed = browser.post("/api/v1/resume", json={}, headers=token).json()

    assert "anna" in stopped["stopped"] and "a drill" in stopped["stopped"] and stopped["untold"] == []
    assert resumed["stopped"] == ""


def test_an_account_that_is_not_there_is_told(browser: Browser) -> None:
    """With the ones that are."""
    token = {"x-csrf-token": csrf(browser)}

    answer = browser.post("/api/v1/stop", json={"account": "dmo"}, headers=token)

    assert answer.status_code == 422 and "'demo'" in answer.json()["details"][0].replace('"', "'")
