"""Letters are written once, brought until they are taken, and given up after a day."""

from datetime import timedelta
from pathlib import Path

import pytest
from hearing import Ear, Post, notice
from pydantic import SecretStr

from agent.domain.notice import Event
from agent.notify.courier import Courier, untold_lines
from agent.notify.message import Message
from agent.notify.sending import Sender


@pytest.mark.parametrize("event", list(Event))
def test_each_event_arrives_once(event: Event, ear: Ear, post: Post) -> None:
    """However often it is looked for and however often we go round."""
    courier = post.courier(post.channel("team", ear.address, events=list(Event)))

    for _ in range(3):
        courier.write([notice(event=event, plan_id="12345678")])
        courier.deliver()
        post.wall.pass_(minutes=10)

    assert ear.titles == ["gebot: notice 1"]
    assert "https://gebot.example.com/plans/12345678" in ear.heard[0]["message"]
    assert post.untold() == []


class Killed(BaseException):
    """The process ends between the channel's yes and our writing it down."""


def test_after_a_crash_it_comes_twice_at_most_and_with_the_same_key(ear: Ear, post: Post) -> None:
    """Nobody can tell whether it was taken, so it is sent again; who gets it twice can see that."""

    def sent_and_killed(channel: str, url: SecretStr, message: Message) -> str:
        assert post.sender.send(channel, url, message) == ""
        raise Killed

    channel = post.channel("team", ear.address)
    dying = Courier((channel,), post.outbox, sent_and_killed, post.wall)
    dying.write([notice()])

    with pytest.raises(Killed):
        dying.deliver()
    courier = post.courier(channel)
    courier.write([notice()])
    at_once = courier.deliver()
    for _ in range(3):
        post.wall.pass_(minutes=6)
        courier.deliver()

    assert at_once == 0
    assert len(ear.heard) == 2
    assert len(set(ear.keys)) == 1


def test_of_two_who_bring_one_does(ear: Ear, post: Post) -> None:
    """Several machines tell from one ledger."""
    channel = post.channel("team", ear.address)
    courier = post.courier(channel)
    courier.write([notice()])
    letters = post.outbox.due(post.wall.now())

    first = post.outbox.claim(letters, post.wall.now() + timedelta(minutes=5))
    second = post.outbox.claim(letters, post.wall.now() + timedelta(minutes=5))

    assert (first, second) == (True, False)
    assert post.outbox.due(post.wall.now()) == []


def test_a_channel_that_fails_is_tried_later_and_later(ear: Ear, post: Post) -> None:
    """And takes the letter when it is well again."""
    ear.status = 503
    courier = post.courier(post.channel("team", ear.address))
    courier.write([notice(1), notice(2)])

    courier.deliver()
    (after_first,) = [one.due_at for one in post.untold() if one.attempts]
    waits = (after_first - post.wall.now()).total_seconds()
    ear.status = 200
    post.wall.pass_(minutes=2)
    courier.deliver()

    assert waits == 60
    assert sorted(ear.titles) == ["gebot: notice 1", "gebot: notice 1", "gebot: notice 2"]
    assert post.untold() == []


def test_after_a_day_it_is_given_up_and_said_so(ear: Ear, post: Post) -> None:
    """`gebot status` tells of it, without the address."""
    ear.status = 404
    secret = ear.address + "a-secret-token"
    courier = post.courier(post.channel("team", secret))
    courier.write([notice()])

    late: list[str] = []
    for hour in range(30):
        courier.deliver()
        post.wall.pass_(hours=1)
        if hour == 3:
            late = untold_lines(post.untold(), "simulated/demo", post.wall.now())
    heard = len(ear.heard)
    courier.deliver()

    assert late == ["1 notice has not reached 'team' yet: it answered with HTTP status 404"]
    told = untold_lines(post.untold(), "simulated/demo", post.wall.now())
    assert told == ["1 notice did not reach 'team' and was given up: it answered with HTTP status 404"]
    assert len(ear.heard) == heard < 30


def test_a_digest_gathers(ear: Ear, post: Post) -> None:
    """What came about within the hour comes in one message at its end, and what came later in the next."""
    courier = post.courier(post.channel("team", ear.address, digest="1h"))

    post.wall.pass_(minutes=5)
    courier.write([notice(1), notice(2)])
    before = courier.deliver()
    post.wall.pass_(minutes=54)
    courier.write([notice(3)])
    post.wall.pass_(minutes=1)
    courier.write([notice(4)])
    courier.deliver()
    post.wall.pass_(hours=1)
    courier.deliver()

    assert before == 0
    assert ear.titles == ["gebot: 3 notices, the first: notice 1", "gebot: notice 4"]
    assert all(f"notice {n}" in ear.heard[0]["message"] for n in (1, 2, 3))


def test_a_digest_of_a_time_of_day_keeps_local_time(ear: Ear, post: Post) -> None:
    """Eight o'clock in Berlin is seven o'clock UTC in winter."""
    channel = post.channel("team", ear.address, digest="at 08:00", time_zone="Europe/Berlin")

    assert channel.first_due(post.wall.now()).isoformat() == "2026-11-21T07:00:00+00:00"
    assert channel.first_due(channel.first_due(post.wall.now())).isoformat() == "2026-11-22T07:00:00+00:00"


def test_what_asks_for_a_word_goes_to_the_channels_of_those_who_are_asked(post: Post, ear: Ear) -> None:
    """And to those of everybody; all else to each channel that wants it."""
    anna = post.channel("anna", ear.address, **{"for": ["anna"]})
    chief = post.channel("chief", ear.address, **{"for": ["chief"]})
    team = post.channel("team", ear.address)
    courier = post.courier(anna, chief, team)

    courier.write(
        [
            notice(1, Event.WAITING, to=("anna",)),
            notice(2, Event.ESCALATION, to=("chief",)),
            notice(3, Event.WAITING),
            notice(4, Event.HALTED),
        ]
    )

    by_channel: dict[str, list[str]] = {name: [] for name in ("anna", "chief", "team")}
    for letter in post.untold():
        by_channel[letter.channel].append(letter.notice.title[-1])
    assert {name: sorted(numbers) for name, numbers in by_channel.items()} == {
        "anna": ["1", "3", "4"],
        "chief": ["2", "3", "4"],
        "team": ["1", "2", "3", "4"],
    }


def test_a_server_that_hangs_holds_nobody_up(ear: Ear, post: Post) -> None:
    """After the deadline it is left alone, and others are served."""
    ear.release.clear()
    post.sender = Sender(deadline_s=0.3)
    heard: list[str] = []

    def send(channel: str, url: SecretStr, message: Message) -> str:
        if channel == "hung":
            return post.sender.send(channel, url, message)
        heard.append(channel)
        return ""

    channels = (post.channel("hung", ear.address + "?rto=60"), post.channel("well", ear.address))
    courier = Courier(channels, post.outbox, send, post.wall)
    courier.write([notice(1), notice(2)])

    courier.deliver()
    post.wall.pass_(minutes=2)
    courier.deliver()

    assert heard == ["well", "well"]
    assert any(thread.is_alive() for thread in post.sender.hanging.values())
    troubles = {letter.trouble for letter in post.untold()}
    assert "the attempt before has not come back yet" in troubles


def test_a_template_of_ones_own_is_taken(ear: Ear, post: Post, tmp_path: Path) -> None:
    """And one that is gone, or cannot be filled in, loses nothing unseen."""
    own = tmp_path / "own.j2"
    own.write_text("{{ notices[0].title }}, {{ link }} ({{ key }})", encoding="utf-8")
    courier = post.courier(post.channel("team", ear.address, template=own))
    courier.write([notice(1)])
    courier.deliver()
    broken = tmp_path / "broken.j2"
    broken.write_text("{{ notices[0].title.nothing_such }}", encoding="utf-8")
    other = post.courier(post.channel("other", ear.address, template=broken))
    other.write([notice(2)])
    other.deliver()

    assert ear.heard[0]["message"].startswith("notice 1, https://gebot.example.com (")
    (left,) = post.untold()
    assert "cannot be filled in" in left.trouble
