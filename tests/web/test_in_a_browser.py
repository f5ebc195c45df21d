"""The page in a real browser: by mouse and keyboard, on a phone, in the dark, and without JavaScript."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from visiting import write_config

from agent.daemon.page import page_command

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE = {"width": 360, "height": 740}

expect.set_options(timeout=30_000)  # of things that come for sure; a busy machine may take long over them

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; `apt-get install chromium` brings one"),
    pytest.mark.timeout(400),  # a machine that does much else starts processes slowly
]


@dataclass(frozen=True)
class Served:
    """A page that is served, and who may sign in to it."""

    address: str
    name: str
    password: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page of a simulated account with a plan that waits, in a process as `gebot run` starts it."""
    folder = tmp_path_factory.mktemp("served")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    write_config(folder, web=f'listen = "127.0.0.1:{port}"')
    gebot = [sys.executable, "-m", "agent.cli.main"]
    subprocess.run([*gebot, "plan", "--save"], cwd=folder, check=True, capture_output=True, timeout=300)
    told = folder / "told.txt"
    with told.open("w") as out:
        command = page_command(folder / "config.toml")
        process = subprocess.Popen(command, cwd=folder, stderr=out, stdin=subprocess.PIPE)
    try:
        for _ in range(2000):
            if "told this once" in told.read_text():
                break
            assert process.poll() is None, told.read_text()
            time.sleep(0.1)
        found = re.search(r"sign in as (\S+) with the password (\S+)", told.read_text())
        assert found is not None
        yield Served(f"http://127.0.0.1:{port}", found[1], found[2])
    finally:
        assert process.stdin is not None
        process.stdin.close()  # as happens when the agent is killed
        assert process.wait(60) == 0


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(chromium: Browser, **options: object) -> Page:
    """A page whose every complaint of a broken policy or script fails the test."""
    page = chromium.new_context(**options).new_page()  # type: ignore[arg-type]  # as the test says
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: pytest.fail(f"script failed: {error}"))
    page.on(
        "console",
        lambda told: pytest.fail(told.text) if "Content Security Policy" in told.text else None,
    )
    return page


def sign_in(page: Page, served: Served) -> None:
    page.goto(served.address)
    page.get_by_label("Name").fill(served.name)
    page.get_by_label("Password").fill(served.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_signs_in_stops_everything_and_resumes(
    chromium: Browser, served: Served, *, javascript: bool
) -> None:
    """The same with JavaScript and without."""
    page = opened(chromium, java_script_enabled=javascript)
    sign_in(page, served)
    expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()

    page.get_by_role("link", name="Stop…").click()
    page.get_by_label("Why, for the record").fill("a drill & <b>nothing</b> else")
    page.get_by_role("button", name="Stop everything").click()
    expect(page.get_by_text("Everything is stopped.")).to_be_visible()
    expect(page.get_by_text("a drill & <b>nothing</b> else").first).to_be_visible()

    page.get_by_role("link", name="Resume…").click()
    page.get_by_role("button", name="Resume everything").click()
    expect(page.get_by_role("link", name="Stop…")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to gebot")).to_be_visible()


def test_it_works_by_keyboard_alone(chromium: Browser, served: Served) -> None:
    """Tab and Enter; the first stop leads past the navigation, and what has the focus is seen."""
    page = opened(chromium)
    page.goto(served.address)
    page.keyboard.type(served.name)
    page.keyboard.press("Tab")
    page.keyboard.type(served.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="Stop…").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why, for the record")).to_be_focused()
    page.keyboard.type("by keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_text("by keyboard").first).to_be_visible()
    page.get_by_role("link", name="Resume…").press("Enter")
    page.get_by_role("button", name="Resume everything").press("Enter")
    expect(page.get_by_role("link", name="Stop…")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/settings", "/stop", "/resume", "/nowhere"])
def test_nothing_is_wider_than_a_phone(chromium: Browser, served: Served, path: str) -> None:
    """360 pixels, and nobody scrolls sideways."""
    page = opened(chromium, viewport=PHONE)
    sign_in(page, served)

    page.goto(served.address + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


_CONTRASTS = """() => {
  const lit = (c) => { const [r, g, b] = c.map((v) => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = (node) => { for (let at = node; at; at = at.parentElement) {
    const c = parse(getComputedStyle(at).backgroundColor); if (c.length === 3 || c[3] > 0.99) return c; }
    return [255, 255, 255]; };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    const style = getComputedStyle(node);
    const [a, b] = [lit(parse(style.color).slice(0, 3)), lit(ground(node).slice(0, 3))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (contrast < (large ? 3 : 4.5)) poor.push([walker.currentNode.data.trim(), contrast.toFixed(2)]);
  }
  return poor;
}"""
"""Text whose contrast with what is behind it is below 4.5, or 3 where it is large (WCAG 2.2, 1.4.3)."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(chromium: Browser, served: Served, scheme: str) -> None:
    """WCAG AA, dark and light."""
    page = opened(chromium, color_scheme=scheme, reduced_motion="reduce")
    page.goto(served.address)
    assert page.evaluate(_CONTRASTS) == []
    sign_in(page, served)

    for path in ("/", "/settings", "/stop", "/nowhere"):
        page.goto(served.address + path)

        assert page.evaluate(_CONTRASTS) == [], path


def test_what_is_typed_into_has_a_label(chromium: Browser, served: Served) -> None:
    """And every page a language, a title and one heading of the first rank."""
    page = opened(chromium)
    sign_in(page, served)

    for path in ("/", "/settings", "/stop", "/resume"):
        page.goto(served.address + path)
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter((one) => !one.labels.length && !one.ariaLabel).length"
        )

        assert unnamed == 0 and page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == "en" and "gebot" in page.title()
