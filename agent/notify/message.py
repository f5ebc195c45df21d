"""Message: letters as text and as HTML, by our template or one of people's own."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, PackageLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from agent.domain.errors import Mistake
from agent.domain.notice import Letter

MOST_NOTICES = 40
"""What a digest tells one by one; of the rest it tells how many there are."""

_TEXT, _HTML = "notice.text.j2", "notice.html.j2"


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel gets."""

    title: str
    text: str
    html: str


def message_of(letters: Sequence[Letter], link: str, template: Path | None = None) -> Message:
    """Letters of one channel as one message.

    Args:
        link: Where the page is; "": there is none.
        template: A file in place of ours, for both text and HTML.

    Raises:
        Mistake: The template cannot be read or filled in.
    """
    notices = [letter.notice for letter in letters]
    first = notices[0]
    title = first.title if len(notices) == 1 else f"{len(notices)} notices, the first: {first.title}"
    facts = {
        "title": title,
        "notices": notices[:MOST_NOTICES],
        "more": max(0, len(notices) - MOST_NOTICES),
        "link": link,
        "key": key_of(letters),
    }
    try:
        text, html = (
            _environment(template, html=html)
            .get_template(template.name if template is not None else _HTML if html else _TEXT)
            .render(facts)
            for html in (False, True)
        )
    except (TemplateError, OSError, UnicodeDecodeError, ValueError, TypeError) as error:
        where = "the template" if template is None else str(template)
        raise Mistake(
            where, f"cannot be filled in: {error}", "docs/notifications.md tells what it gets"
        ) from None
    return Message(f"gebot: {title}", text.strip(), html.strip())


def key_of(letters: Sequence[Letter]) -> str:
    """The same for the same message, so that who gets it twice can tell; it stands at its end."""
    first = letters[0]
    keys = [letter.notice.key for letter in letters]
    # Of a digest it is when it is due: what else was due by a second attempt does not change it.
    whole = [first.channel, keys[0]] if len(keys) == 1 else [first.channel, first.first_due_at.isoformat()]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()[:12]


@cache
def _environment(template: Path | None, *, html: bool) -> Environment:
    """A template of people's own cannot reach further than what it is given."""
    loader = PackageLoader("agent.notify") if template is None else FileSystemLoader(template.parent)
    return SandboxedEnvironment(
        loader=loader, autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
