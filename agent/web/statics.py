"""Statics: style sheet, scripts and Plotly, under names that change with their content."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

PLOTLY = "plotly.min.js"


@dataclass(frozen=True, slots=True)
class Static:
    """A file as it is sent; `packed` is the same through gzip."""

    name: str
    kind: str
    content: bytes
    packed: bytes


def static_path(name: str) -> str:
    """Where a file is served: ``/static/page.1a2b3c4d5e6f.css``.

    Raises:
        KeyError: There is no such file.
    """
    return f"/static/{_hashed_names()[name]}"


def static_file(hashed_name: str) -> Static | None:
    """The file of this name, hash and all; None where there is none."""
    names = {hashed: name for name, hashed in _hashed_names().items()}
    return _read(names[hashed_name]) if hashed_name in names else None


@cache
def _hashed_names() -> dict[str, str]:
    return {name: _hashed(name) for name in _places()}


def _hashed(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(_places()[name].read_bytes()).hexdigest()[:12]}{dot}{ending}"


@cache
def _read(name: str) -> Static:
    content = _places()[name].read_bytes()
    kind = _KINDS[Path(name).suffix]
    return Static(name, kind, content, gzip.compress(content, mtime=0))


@cache
def _places() -> dict[str, Path]:
    """Every file by its name; Plotly's from its package, which is not imported for it."""
    own = Path(str(files("agent.web"))) / "static"
    places = {path.name: path for path in sorted(own.iterdir()) if path.suffix in _KINDS}
    plotly = find_spec("plotly")
    if plotly is not None and plotly.origin is not None:
        places[PLOTLY] = Path(plotly.origin).parent / "package_data" / PLOTLY
    return places
