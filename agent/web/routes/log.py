"""Log: what befell, filtered; and the same as a file."""

import json
from dataclasses import asdict
from enum import StrEnum

import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import Response

from agent.report.export_file import FileFormat, content
from agent.web.gate import Reader
from agent.web.pages import page
from agent.web.reception import Reception, reception_of
from agent.web.views.log import LogEntry, LogQuery, log_entries, log_view, today_of

router = APIRouter(include_in_schema=False)


class LogFormat(StrEnum):
    """What the file is."""

    CSV = "csv"
    JSONL = "jsonl"


_KINDS = {LogFormat.CSV: "text/csv; charset=utf-8", LogFormat.JSONL: "application/x-ndjson"}

_TEXTS = ("account", "what", "who", "plan", "entity", "name", "lever", "before", "after", "because")
_COLUMNS: dict[str, pl.DataType] = {
    "at": pl.Datetime("us", "UTC"),
    "number": pl.Int64(),
    **dict.fromkeys(_TEXTS, pl.String()),
}


@router.get("/log")
def log(request: Request, visitor: Reader) -> Response:
    reception = reception_of(request)
    return page(
        request, "log.html.j2", "Log", log_view(reception.office, _asked(request, reception)), here="/log"
    )


@router.get("/log/export/{form}")
def export(request: Request, visitor: Reader, form: LogFormat) -> Response:
    """All that the filters show, not one page of it."""
    reception = reception_of(request)
    asked = _asked(request, reception)
    rows = [_row(one) for one in log_entries(reception.office, asked)]
    if form is LogFormat.CSV:
        body = content(pl.DataFrame(rows, schema=_COLUMNS, orient="row"), FileFormat.CSV)
    else:
        body = "".join(json.dumps(row, default=str) + "\n" for row in rows).encode()
    name = f"gebot-log-{asked.since}-{asked.until}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=_KINDS[form], headers=headers)


def _row(entry: LogEntry) -> dict[str, object]:
    told = asdict(entry)
    return {name: told[name] for name in _COLUMNS}


def _asked(request: Request, reception: Reception) -> LogQuery:
    return LogQuery.of(request.query_params, today_of(reception.office))
