"""How the agent is, for monitors: 200 when it is well, 503 when a person should look."""

from typing import Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from agent.domain.errors import GebotError, Mistakes
from agent.web.gate import Everybody
from agent.web.reception import reception_of

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """Whether a person should look; why is told to whoever signs in.

    Attributes:
        ledger: Whether the ledger answered.
        accounts: How many accounts there are, and how many of them are well.
    """

    status: Literal["well", "look here"]
    ledger: bool
    accounts: int = 0
    well: int = 0


@router.get(
    "/health",
    responses={503: {"model": Health}},
    dependencies=[Depends(Everybody("load balancers and monitors; says well or not, and no more"))],
)
def health(request: Request, response: Response) -> Health:
    """How the agent is: 200 when every account is well, else 503."""
    try:
        standing = reception_of(request).standing()
    except (GebotError, Mistakes):
        response.status_code = 503
        return Health(status="look here", ledger=False)
    well = sum(one["healthy"] for one in standing)
    if well < len(standing):
        response.status_code = 503
    return Health(
        status="well" if well == len(standing) else "look here",
        ledger=True,
        accounts=len(standing),
        well=well,
    )
