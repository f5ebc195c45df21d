"""Style sheet and scripts; their names change with their content, so they are kept for ever."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Response

from agent.web.gate import Everybody
from agent.web.statics import static_file

router = APIRouter(include_in_schema=False)

_FOR_EVER = "public, max-age=31536000, immutable"


@router.get(
    "/static/{name}",
    dependencies=[Depends(Everybody("the sign-in page needs its style; no data is in them"))],
)
def static(name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
    found = static_file(name)
    if found is None:
        raise HTTPException(404)
    headers = {"cache-control": _FOR_EVER, "vary": "accept-encoding"}
    if "gzip" in accept_encoding:
        return Response(found.packed, media_type=found.kind, headers={**headers, "content-encoding": "gzip"})
    return Response(found.content, media_type=found.kind, headers=headers)
