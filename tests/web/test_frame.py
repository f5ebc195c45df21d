"""The frame: sign in, see Today, sign out."""

from visiting import House, csrf, sign_in


def test_nobody_sees_anything_before_signing_in(demo: House) -> None:
    """They are asked to sign in, and brought to where they wanted to go."""
    browser = demo.browser()

    away = browser.get("/settings")

    assert away.status_code == 303 and away.headers["location"] == "/sign-in?to=%2Fsettings"
    assert "gebot user add NAME" in browser.get("/sign-in").text


def test_somebody_signs_in_and_sees_today(demo: House) -> None:
    """And may stop everything from there."""
    browser = demo.signed_in("anna")

    page = browser.get("/")

    assert page.status_code == 200, page.text
    assert "Nothing waits for you" in page.text and "/stop" in page.text
    assert browser.get("/settings").status_code == 200
    assert browser.get("/nowhere").status_code == 404


def test_somebody_signs_out(demo: House) -> None:
    """And their cookie opens nothing any more."""
    browser = demo.signed_in("anna")
    cookie = browser.cookies["gebot"]

    browser.post("/sign-out", data={"csrf": csrf(browser)})
    browser.cookies.set("gebot", cookie)

    assert browser.get("/").status_code == 303


def test_a_wrong_password_is_not_told_from_a_wrong_name(demo: House) -> None:
    """Nobody learns who may sign in."""
    demo.add("anna")

    wrong = sign_in(demo.browser(), "anna", "not the password")
    unknown = sign_in(demo.browser(), "nobody", "not the password")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("anna", "") == unknown.text.replace("nobody", "")
