"""What is sent holds no secret when it fails, and text from outside does nothing."""

import socket
from pathlib import Path

import pytest
from hearing import Ear, Post, notice
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from agent.notify.message import Message, message_of
from agent.notify.plain_words import plain_words
from agent.notify.sending import Sender, fault_of, scheme_of

HOSTILE = (
    "<!channel> <@U123> @everyone @here",
    "[click](https://evil.example.com)",
    "![x](http://evil.example.com/x.png)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<https://evil.example.com|your bank>",
    "www.evil.example.com",
    "line\n# heading\r\n\x1b[31mred `code`",
    "\u202egnirts desrever",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_outside_do_nothing(name: str) -> None:
    """No mention, no link, no markup, no line of its own."""
    told = plain_words(name)

    assert not set("<>`\n\r\x1b\u202e") & set(told)
    assert "](" not in told
    assert "://" not in told
    assert "www." not in told
    assert "@e" not in told
    assert "@h" not in told


@given(st.text(max_size=400))
def test_plain_words_of_any_text_are_plain(text: str) -> None:
    """Whatever is put together; told twice they stay as they are but for blanks of no width."""
    told = plain_words(text)

    assert not set("<>`\n\r") & set(told)
    assert "](" not in told
    assert "://" not in told
    assert len(told) <= 3 * 160


def test_html_is_escaped(post: Post) -> None:
    """Even what came into a notice as it stood, such as by a fault of ours."""
    letter_of = notice(lines=('<b>bold</b> & "quoted"',))
    courier = post.courier(post.channel("team", "json://127.0.0.1:1/"))
    courier.write([letter_of])

    message = message_of(post.outbox.due(post.wall.now()), "")

    assert "<b>bold" not in message.html
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;" in message.html


def test_an_error_holds_nothing_of_the_address(ear: Ear, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither host nor token, in what is returned, logged or printed."""
    ear.status = 500
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]  # nobody listens there
        urls = [
            ear.address.replace("json://", "json://user:hunter2secret@")
            + "token-of-gold?+x-key=s3cr3t-header",
            f"json://user:hunter2secret@127.0.0.1:{closed}/token-of-gold",
            "slack://hunter2secret/token-of-gold",
            "nosuch://hunter2secret/token-of-gold",
            "hunter2secret token-of-gold",
        ]
        told = [Sender().send("team", SecretStr(url), Message("t", "text", "<p>html</p>")) for url in urls]
    told += [str(fault_of(SecretStr(url), "notify 'team'.url")) for url in urls]
    told.append(capfd.readouterr().err)

    assert told[0] == "it answered with HTTP status 500"
    assert told[1] == "it could not be reached"
    for text in told:
        assert not [word for word in ("hunter2", "gold", "s3cr3t") if word in text], text


def test_unknown_services_are_told_by_their_scheme() -> None:
    """The scheme is no secret; what stands behind it may be."""
    assert fault_of(SecretStr("json://127.0.0.1:1/x"), "url") is None
    assert "knows no service nosuch://" in str(fault_of(SecretStr("nosuch://x"), "url"))
    assert "was no address" in str(fault_of(SecretStr("just text"), "url"))
    assert scheme_of(SecretStr("SLACK://x")) == "slack"


def test_a_template_reaches_no_further_than_its_facts(tmp_path: Path, post: Post) -> None:
    """A template is a file that somebody copied from somewhere."""
    own = tmp_path / "own.j2"
    own.write_text("{{ notices.__class__.__mro__ }}", encoding="utf-8")
    courier = post.courier(post.channel("team", "json://127.0.0.1:1/", template=own))
    courier.write([notice()])

    courier.deliver()

    (letter,) = post.untold()
    assert "cannot be filled in" in letter.trouble
