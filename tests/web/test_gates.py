"""Every route has a gate, and nobody passes one that is not for them: all routes by all roles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from visiting import Browser, House, csrf, house

from agent.domain.role import Act, Role
from agent.web.app import ROUTERS
from agent.web.gate import Everybody, Gate, check_gates, every_route, gate_of

PEOPLE = {
    "vera": Role.VIEWER,
    "otto": Role.OPERATOR,
    "anna": Role.APPROVER,
    "eva": Role.ADMIN,
    "strange": None,
}

BOARD = """\
approvers = ["anna"]
admins = ["eva"]
operators = ["otto"]
viewers = ["vera"]
anyone_may_stop = false"""

OPEN = {("GET", "/sign-in"), ("POST", "/sign-in"), ("GET", "/static/{name}"), ("GET", "/health"),
        ("GET", "/api/openapi.json"), ("GET", "/metrics")}  # fmt: skip
"""Routes that need nobody signed in; whoever adds one writes it here, and why into its gate."""

ROUTES = sorted(
    (method, route.path)
    for router in ROUTERS
    for route in every_route(router.routes)
    if isinstance(route, APIRoute)
    for method in route.methods
)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A page with somebody of each role, and somebody of none."""
    with house(tmp_path_factory.mktemp("board"), BOARD) as opened:
        yield opened


@pytest.fixture(scope="module")
def browsers(board: House) -> dict[str, Browser]:
    return {name: board.signed_in(name) for name in PEOPLE}


def gate(method: str, path: str) -> Gate | Everybody:
    for router in ROUTERS:
        for route in every_route(router.routes):
            if isinstance(route, APIRoute) and route.path == path and method in route.methods:
                found = gate_of(route)
                assert found is not None
                return found
    raise AssertionError(path)


def address(path: str) -> str:
    """The path with something in the place of its parameters."""
    return "/".join("x" if part.startswith("{") else part for part in path.split("/"))


def test_a_route_without_a_gate_keeps_the_page_from_starting() -> None:
    """Nobody forgets it."""
    app, router = FastAPI(openapi_url=None), APIRouter()
    router.get("/bare")(lambda: "everything")
    app.include_router(router)

    with pytest.raises(TypeError, match="/bare"):
        check_gates(app)


def test_the_routes_that_are_open_are_the_ones_that_we_know() -> None:
    """Each other one needs somebody who is signed in."""
    found = {one for one in ROUTES if isinstance(gate(*one), Everybody)}

    assert found <= OPEN


def test_nothing_that_changes_something_can_be_read() -> None:
    """A GET has the act of reading, or shows a form to somebody who may send it."""
    forms = {("GET", "/stop"), ("GET", "/resume")}
    for method, path in ROUTES:
        found = gate(method, path)
        if method == "GET" and isinstance(found, Gate) and (method, path) not in forms:
            assert found.act in (None, Act.READ, Act.DECIDE, Act.DRAW_UP), path


@pytest.mark.parametrize(("method", "path"), [one for one in ROUTES if one not in OPEN])
def test_nobody_passes_without_signing_in(board: House, method: str, path: str) -> None:
    """A page leads to the sign-in page, the API says 401."""
    answer = board.browser().send(method, address(path))

    assert answer.status_code == (401 if path.startswith("/api/") else 303)
    assert path.startswith("/api/") or answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("route", [one for one in ROUTES if one not in OPEN])
def test_a_role_passes_exactly_the_gates_of_its_acts(
    browsers: dict[str, Browser], route: tuple[str, str], name: str
) -> None:
    """Whoever may not is told 403, whatever else would have been wrong with the request."""
    (method, path), role = route, PEOPLE[name]
    found, browser = gate(method, path), browsers[name]
    assert isinstance(found, Gate)
    if path == "/sign-out":
        return  # tried elsewhere: it would end the session of the other cases
    may = found.act is None or (role is not None and role.may(found.act))

    answer = browser.send(method, address(path), headers={} if may else token(browser))

    if not may:
        assert answer.status_code == 403
        assert "may not" in answer.text or "stands on no list" in answer.text
    elif method == "GET":
        assert answer.status_code in (200, 303, 404, 422)
    else:
        assert answer.status_code == 403  # for want of the token
        assert "may not" not in answer.text


def token(browser: Browser) -> dict[str, str]:
    return {"x-csrf-token": browser.get("/api/v1/me").json()["csrf"]}


def test_who_is_on_no_list_may_stop_where_anyone_may(tmp_path: Path) -> None:
    """The emergency stop by everybody who can sign in."""
    with house(tmp_path, BOARD.replace("= false", "= true")) as opened:
        browser = opened.signed_in("strange")

        assert browser.get("/").status_code == 403 and "/stop" in browser.get("/").text
        assert browser.post("/stop", data={"csrf": csrf(browser, "/stop")}).status_code == 303
        assert "halted by strange" in opened.signed_in("eva").get("/").text
