"""Pages: a view through a template, in the frame that all pages share."""

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from agent import stop
from agent.domain.errors import LedgerError
from agent.domain.role import Act
from agent.web.gate import TOKEN_FIELD, Visitor, visitor_of
from agent.web.reception import Reception, reception_of
from agent.web.statics import static_path
from agent.web.words import FILTERS
from agent.wiring import halts


@dataclass(frozen=True, slots=True)
class Place:
    """A page that stands in the navigation."""

    label: str
    path: str
    icon: str = ""


PLACES = (Place("Today", "/"), Place("Plans", "/plans"), Place("Log", "/log"), Place("Settings", "/settings"))
"""The navigation, in its order."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page.

    Attributes:
        here: The path of the place in the navigation that this page belongs to; "" for none.
        stopped: Why nothing may be sent at all, "" when it may.
        scripts: Names of files in static/ that this page needs.
    """

    title: str
    here: str
    visitor: Visitor | None
    places: tuple[Place, ...]
    stopped: str = ""
    scripts: tuple[str, ...] = ()
    refresh_s: int = 0

    @property
    def may_stop(self) -> bool:
        return self.visitor is not None and Act.STOP in self.visitor.may

    @property
    def may_resume(self) -> bool:
        return self.visitor is not None and Act.RESUME in self.visitor.may


def page(
    request: Request,
    template: str,
    title: str,
    view: object = None,
    *,
    here: str = "",
    scripts: tuple[str, ...] = (),
    status: int = HTTPStatus.OK,
    refresh_s: int = 0,
) -> HTMLResponse:
    """Render a view.

    Args:
        template: A file of templates/; what it gets is `view`, `frame` and nothing else.
        here: The path of the place in the navigation that is lit.
        scripts: Files of static/ besides page.js, such as "plotly.min.js".
        refresh_s: With JavaScript the page loads itself anew after so many seconds; 0: it does not.
    """
    visitor = visitor_of(request)
    reads = visitor is not None and Act.READ in visitor.may
    frame = Frame(
        title,
        here,
        visitor,
        PLACES if reads else (),
        stopped(reception_of(request)) if reads else "",
        scripts,
        refresh_s,
    )
    html = environment().get_template(template).render(view=view, frame=frame)
    return HTMLResponse(html, status_code=status)


def stopped(reception: Reception) -> str:
    """Why nothing is sent for any account; "" when something may be."""
    office = reception.office
    reason = stop.reason_to_stop(office.settings.state)
    if reason:
        return reason
    try:
        halt = next((one for one in office.memory.halts() if one.account is None), None)
    except LedgerError as error:
        return str(error)
    return "" if halt is None else halts.words(halt)


@cache
def environment() -> Environment:
    """The templates: what comes from outside is escaped, and a name that nobody set is an error."""
    made = Environment(
        loader=PackageLoader("agent.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals.update(static=static_path, token_field=TOKEN_FIELD)
    return made
