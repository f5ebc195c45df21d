"""Settings: malformed config.toml, loaded and made into limits."""

from functools import cache
from pathlib import Path
from random import Random

from agent.config.digest import policy_digest
from agent.config.load import load
from agent.domain.errors import Mistakes
from agent.wiring.fencing import fence
from agent.wiring.parts import desks
from simulations.chaos.malformed.mutations import text_of
from simulations.chaos.malformed.target import Target

_SHIPPED = Path(__file__).parents[3] / "config.toml"


def settings(folder: Path) -> Target:
    """Reads files in this folder, which is the target's alone."""
    file = folder / "config.toml"
    rules = folder / "rules" / "library"
    rules.mkdir(parents=True, exist_ok=True)
    for path in (_SHIPPED.parent / "rules" / "library").glob("*.toml"):
        (rules / path.name).write_bytes(path.read_bytes())

    def read(content: bytes) -> None:
        file.write_bytes(content)
        found = load(file)
        for account in found.accounts:
            fence(found.guardrails_of(account))
            desks(found, account, found.guardrails_of(account))
        policy_digest(found)

    return Target("config.toml", 1.0, _content, read)


def _content(rng: Random) -> bytes:
    return text_of(rng, rng.choice(_files()))


@cache
def _files() -> tuple[str, ...]:
    """The shipped file as it is, and with every setting that stands there as a comment in use."""
    shipped = _SHIPPED.read_text(encoding="utf-8")
    in_use = []
    for line in shipped.splitlines():
        bare = line.removeprefix("# ")
        setting = bare.startswith("[") or " = " in bare.partition("#")[0]
        in_use.append(bare if line.startswith("# ") and setting else line)
    return shipped, "\n".join(in_use)


def valid(folder: Path) -> bool:
    """Whether the shipped file itself is read; else nothing was put to the test."""
    try:
        settings(folder).read(_files()[0].encode())
    except Mistakes:
        return False
    return True
