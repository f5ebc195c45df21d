"""Sessions and passwords: planted, altered, forged, guessed and over; none of them lets anybody in."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from visiting import ADDRESS, PASSWORD, Browser, House, house, sign_in

from agent.domain.person import Person, Session
from agent.domain.seal import Seal
from agent.web import passwords
from agent.web.passwords import hashed
from agent.web.sessions import id_of
from agent.web.throttle import WINDOW


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(demo: House) -> None:
    """Session fixation: whoever planted the cookie does not know the one that comes of it."""
    demo.add("anna")
    browser = demo.browser()
    browser.cookies.set("gebot", "planted")

    sign_in(browser, "anna")

    made = [one.value for one in browser.cookies.jar if one.name == "gebot"]
    assert made != ["planted"]
    planted = demo.browser()
    planted.cookies.set("gebot", "planted")
    assert planted.get("/").status_code == 303


def test_signing_in_again_ends_the_session_before(demo: House) -> None:
    """Of the same browser."""
    browser = demo.signed_in("anna")
    before = browser.cookies["gebot"]

    sign_in(browser, "anna")

    old = demo.browser()
    old.cookies.set("gebot", before)
    assert old.get("/").status_code == 303 and browser.get("/").status_code == 200


def test_a_cookie_is_for_this_page_alone(tmp_path: Path) -> None:
    """With https it cannot be set by another host either."""
    with house(tmp_path, web='url = "https://gebot.example.com"') as opened:
        opened.add("anna")
        browser = opened.browser()
        browser.headers = {"origin": "https://gebot.example.com", "sec-fetch-site": "same-origin"}

        answer = sign_in(browser, "anna")

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-gebot=") and "domain" not in cookie.lower()
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Secure"} <= {one.strip() for one in cookie.split(";")}
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_who_does_nothing_for_long_signs_in_again(demo: House) -> None:
    """Who does something stays, until the day is over."""
    browser = demo.signed_in("anna")
    demo.clock.pass_(timedelta(minutes=110))
    assert browser.get("/").status_code == 200
    demo.clock.pass_(timedelta(minutes=110))
    assert browser.get("/").status_code == 200

    demo.clock.pass_(timedelta(minutes=121))

    assert browser.get("/").status_code == 303


def test_nobody_stays_for_ever(demo: House) -> None:
    """Twelve hours, used or not."""
    browser = demo.signed_in("anna")
    for _ in range(7):
        demo.clock.pass_(timedelta(minutes=100))
        assert browser.get("/").status_code == 200

    demo.clock.pass_(timedelta(minutes=25))

    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("how", ["password", "disabled", "removed"])
def test_what_is_taken_from_somebody_ends_their_sessions(demo: House, how: str) -> None:
    """At once, and though the row of the session were put back."""
    browser = demo.signed_in("anna")
    session = demo.reception.people.session(id_of(browser.cookies["gebot"]))
    assert session is not None
    person = demo.reception.people.person("anna")
    assert person is not None
    moved = replace(person, changed_at=demo.clock.now() + timedelta(seconds=1), disabled=how == "disabled")
    if how == "removed":
        execute(demo, "DELETE FROM person")
    else:
        demo.reception.people.keep(moved.sealed(demo.reception.seal))
        demo.reception.people.begin(session)

    assert browser.get("/").status_code == 303


def execute(demo: House, statement: str, *values: object) -> None:
    """What somebody does who can write to the database."""
    with closing(sqlite3.connect(demo.folder / "var" / "gebot.db")) as connection:
        connection.execute(statement, values)
        connection.commit()


def test_a_session_that_was_inserted_by_sql_is_worthless(demo: House) -> None:
    """Who can write to the database has no key; a seal of another key is none."""
    person, now = demo.add("anna"), demo.clock.now()
    for seal in (Seal(b"another key, sixteen long"), Seal(b"")):
        secret = f"made-up-{seal.sign([])}"
        forged = Session(id_of(secret), "anna", person.changed_at, now, now, now + timedelta(hours=1))
        demo.reception.people.begin(forged.sealed(seal))
        browser = demo.browser()
        browser.cookies.set("gebot", secret)

        assert demo.reception.sessions.people.session(id_of(secret)) is not None
        assert browser.get("/").status_code == 303


def test_a_session_that_was_altered_by_sql_is_worthless(demo: House) -> None:
    """Nobody becomes another, or stays longer."""
    for statement in ("UPDATE session SET name = 'eva'", "UPDATE session SET ends_us = ends_us + 1"):
        demo.add("eva")
        browser = demo.signed_in("anna")
        execute(demo, statement)

        assert browser.get("/").status_code == 303


def test_a_person_who_was_inserted_by_sql_cannot_sign_in(demo: House) -> None:
    """Nor one whose password was put in the place of another's."""
    intruder = Person("eve", hashed(PASSWORD), demo.clock.now()).sealed(Seal(b"another key, sixteen long"))
    demo.reception.people.keep(intruder)
    demo.add("anna")
    execute(demo, "UPDATE person SET hash = ? WHERE name = 'anna'", hashed("a password of my own"))

    assert sign_in(demo.browser(), "eve").status_code == 401
    assert sign_in(demo.browser(), "anna", "a password of my own").status_code == 401


def test_an_unknown_name_takes_the_same_work_as_a_wrong_password(
    demo: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One argon2 check each: nobody can tell by the time who may sign in."""
    checks: list[str] = []
    demo.add("anna")
    verify = passwords.matches
    monkeypatch.setattr(
        passwords, "matches", lambda stored, typed: checks.append(typed) or verify(stored, typed)
    )

    sign_in(demo.browser(), "anna", "not the password")
    sign_in(demo.browser(), "nobody", "not the password")

    assert len(checks) == 2
    assert verify(None, "no person has this password") is False  # the stand-in itself opens nothing


def test_too_many_attempts_are_not_heard(demo: House) -> None:
    """Not with the right password either, until a quarter of an hour is over."""
    demo.add("anna")
    for _ in range(5):
        assert sign_in(demo.browser(), "anna", "guess").status_code == 401

    refused = sign_in(demo.browser(), "anna")
    demo.clock.pass_(WINDOW + timedelta(seconds=1))
    heard = sign_in(demo.browser(), "anna")

    assert refused.status_code == 429 and "try again in" in refused.text
    assert heard.status_code == 303


def test_many_names_from_one_address_are_not_heard_either(demo: House) -> None:
    """One password tried on everybody."""
    for number in range(30):
        demo.reception.throttle.failed(f"name {number}", "127.0.0.1", demo.clock.now())

    assert sign_in(demo.browser(), "someone").status_code == 429


def test_behind_a_proxy_each_address_has_its_own_limit(tmp_path: Path) -> None:
    """The last address that the proxy of this machine tells; where there is no proxy nobody is believed."""
    with house(tmp_path, web='url = "http://gebot.example.com"') as opened:
        opened.add("anna")
        browser = opened.browser()
        browser.headers = {"origin": "http://gebot.example.com", "x-forwarded-for": "9.9.9.9, 10.0.0.1"}
        for _ in range(5):
            sign_in(browser, "anna", "guess")
        shut_out = sign_in(browser, "anna")
        browser.headers["x-forwarded-for"] = "10.0.0.1, 10.0.0.2"

        assert (shut_out.status_code, sign_in(browser, "anna").status_code) == (429, 303)


def test_where_there_is_no_proxy_nobody_says_who_they_are(demo: House) -> None:
    """Another made-up address for each attempt does not help."""
    demo.add("anna")
    for number in range(5):
        browser = demo.browser()
        browser.headers["x-forwarded-for"] = f"10.0.0.{number}"
        sign_in(browser, "anna", "guess")

    assert sign_in(demo.browser(), "anna").status_code == 429


def test_a_token_reads_and_writes_nothing(demo: House) -> None:
    """And it is no cookie."""
    person = demo.add("anna")
    token = demo.reception.sessions.token(person, timedelta(days=1))
    program = Browser(demo.app, headers={"authorization": f"Bearer {token}", "origin": ADDRESS})

    assert program.get("/api/v1/status").status_code == 200
    assert program.post("/api/v1/stop", json={}).status_code == 403
    as_cookie = demo.browser()
    as_cookie.cookies.set("gebot", token)
    assert as_cookie.get("/").status_code == 303


def test_many_at_once_are_answered(demo: House) -> None:
    """Each in a thread of its own, over one ledger."""
    browser = demo.signed_in("anna")
    statuses: list[int] = []

    def look() -> None:
        mine = Browser(demo.app, cookies=httpx.Cookies(browser.cookies))
        statuses.append(mine.get("/").status_code)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 8
