"""Reviewing in a browser: with a mouse, by keyboard alone, on a phone, and without JavaScript."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from planned import Wish, put_forward
from playwright.sync_api import Browser, Page, sync_playwright
from visiting import PASSWORD, House, house

from agent.domain.record import PlanRecord

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[House]:
    """A page on a port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with house(tmp_path, web=f'listen = "127.0.0.1:{port}"') as opened:
        opened.add("anna")
        server = uvicorn.Server(
            uvicorn.Config(opened.app, "127.0.0.1", port, log_level="error", lifespan="off")
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield opened
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture
def record(served: House) -> PlanRecord:
    names = ("Brand", "Shoes", "Hats")
    return put_forward(served, [Wish(name, "100.00", "110.00") for name in names])


def opened_by(
    chromium: Browser, served: House, *, script: bool = True, width: int = 1280, height: int = 900
) -> Page:
    """A page of a browser at which anna has signed in."""
    context = chromium.new_context(
        java_script_enabled=script, viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{served.reception.web.address}/sign-in")
    page.fill("input[name=name]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    return page


def states(served: House, record: PlanRecord) -> list[str]:
    now = served.reception.office.plan(record.plan.id)
    return [change.state.value for change in now.changes.values()]


@pytest.mark.parametrize("script", [True, False])
def test_somebody_reads_a_plan_opens_evidence_approves_some_and_rejects_one(
    chromium: Browser, served: House, record: PlanRecord, script: bool
) -> None:
    """From the first page to the states, with JavaScript and without."""
    page = opened_by(chromium, served, script=script)

    page.click("text=Review >> nth=0")
    page.click("#d1 a.evidence")
    assert "Brand earns more" in page.inner_text("main")
    page.go_back()
    page.check("#d1 input[type=checkbox]")
    page.check("#d2 input[type=checkbox]")
    page.click("button[value=approve]")
    assert "You approved 2 changes." in page.inner_text("[role=status]")
    page.check("#d3 input[type=checkbox]")
    page.fill("input[name=comment]", "out of season")
    page.click("button[value=reject]")

    assert "You rejected 1 change." in page.inner_text("[role=status]")
    assert "out of season" in page.inner_text("main")
    assert states(served, record) == ["approved", "approved", "rejected"]
    page.context.close()


def test_all_is_done_by_keyboard(chromium: Browser, served: House, record: PlanRecord) -> None:
    """j, k, space, a and Enter; and no single key decides."""
    page = opened_by(chromium, served)
    page.goto(f"{served.reception.web.address}/plans/{record.plan.id}")

    for key in ("j", "Space", "j", "j", "k", "Space", "a"):
        page.keyboard.press(key)
    assert states(served, record) == ["proposed"] * 3
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert states(served, record) == ["approved", "approved", "proposed"]
    page.context.close()


def test_enter_in_the_comment_decides_nothing(chromium: Browser, served: House, record: PlanRecord) -> None:
    """Whoever writes a reason has not said yet what it is a reason for."""
    page = opened_by(chromium, served)
    page.goto(f"{served.reception.web.address}/plans/{record.plan.id}")

    page.check("#d1 input[type=checkbox]")
    page.fill("input[name=comment]", "why")
    page.press("input[name=comment]", "Enter")
    page.wait_for_timeout(300)

    assert states(served, record) == ["proposed"] * 3
    page.context.close()


def test_everything_fits_on_a_phone(chromium: Browser, served: House, record: PlanRecord) -> None:
    """Nothing sticks out to the side, and all of a plan is approved with two touches."""
    page = opened_by(chromium, served, width=PHONE["width"], height=PHONE["height"])

    for path in ("/plans", f"/plans/{record.plan.id}/decisions/1", f"/plans/{record.plan.id}"):
        page.goto(f"{served.reception.web.address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    page.click("summary:has-text('All')")
    page.click("button[value=approve-all]")

    assert "You approved 3 changes." in page.inner_text("[role=status]")
    page.context.close()
