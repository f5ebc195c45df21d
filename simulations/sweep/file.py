"""File: a sweep as a person writes it, checked."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from agent.config.faults import as_mistake, meant
from agent.config.load import parsed
from agent.config.names import Count, Name, NotEmpty, Table, Text
from agent.domain.errors import Mistake, Mistakes
from simulations.worlds import WORLDS


class Sweep(Table):
    """What `read` makes of a sweep file.

    Attributes:
        config: What is varied; the path starts from the sweep file's folder.
        account: None: the first of the configuration.
        samples: How many configurations are drawn at random; None: every combination is tried.
        seed: Of that draw.
        strategies: For each strategy of the configuration what its options may be.
        guardrails: The same for the limits, nested as they are there.
    """

    config: Path = Path("config.toml")
    account: Name | None = None
    worlds: Annotated[tuple[Text, ...], NotEmpty] = ("base",)
    seeds: Count = 20
    first_seed: Annotated[int, Field(strict=True, ge=0)] = 0
    days: Annotated[int, Field(strict=True, ge=15, le=1000)] = 90
    campaigns: Count = 20
    samples: Count | None = None
    seed: Annotated[int, Field(strict=True, ge=0)] = 1
    strategies: Annotated[Mapping[str, Mapping[str, object]], Field(alias="strategy")] = Field(
        default_factory=dict
    )
    guardrails: Mapping[str, object] = Field(default_factory=dict)


def read(path: Path) -> Sweep:
    """Read a sweep file.

    Raises:
        Mistakes: Everything that is wrong with it, but for the values that are to be tried.
    """
    if not path.is_file():
        raise Mistakes("no sweep", [Mistake(str(path), "was not found", "docs/sweeps.md shows one")])
    tables = parsed(path)
    try:
        sweep = Sweep.model_validate(dict(tables), by_alias=True, by_name=False)
    except ValidationError as error:
        faults = [as_mistake(one, Sweep, tables, path.name) for one in error.errors(include_url=False)]
        raise Mistakes(f"{path.name} cannot be used", faults) from None
    mistakes = list(_unknown_worlds(sweep, path.name))
    if not (path.parent / sweep.config).is_file():
        where = f"{path.name}: config"
        mistakes.append(
            Mistake(where, f"was '{sweep.config}', no such file", f"it is looked for in {path.parent}")
        )
    if mistakes:
        raise Mistakes(f"{path.name} cannot be used", mistakes)
    return sweep


def _unknown_worlds(sweep: Sweep, file: str) -> Iterator[Mistake]:
    for world in sweep.worlds:
        if world not in WORLDS:
            yield Mistake(f"{file}: worlds", f"was {world!r}", meant(world, WORLDS))
