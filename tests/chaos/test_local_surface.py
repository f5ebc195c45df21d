"""The local surface: files are their owner's alone, and none of 20 secrets is found anywhere."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import canaries
import pytest

NAMES = {
    "google_ads": ("developer_token", "client_id", "client_secret", "refresh_token"),
    "meta_ads": ("access_token", "app_secret"),
}
COMMANDS = (["check"], ["plan"])


def _gebot(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> str:
    """All that a command says, run with every permission open."""
    done = subprocess.run(
        [sys.executable, "-m", "agent.cli.main", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(env or {})},
        umask=0,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_every_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    """Ledger, logs, plans and locks, under a umask that forbids nothing."""
    _gebot(tmp_path, "init", "--platform", "simulated")
    said = _gebot(tmp_path, "plan")

    made = [*_files(tmp_path), *(path for path in tmp_path.rglob("*") if path.is_dir() and path != tmp_path)]
    assert [path for path in made if path.suffix == ".db"], said
    assert [path for path in made if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("platform", NAMES)
def test_no_secret_is_found_in_what_is_said_or_written(tmp_path: Path, platform: str) -> None:
    """Credentials by environment and by file, against an address where nobody answers."""
    to_keep = (canaries.of(name) for name in canaries.NAMES)
    env, lines, secrets = {}, [], tmp_path / "secrets"
    secrets.mkdir()
    for kind in ("credentials", "write_credentials"):
        lines.append(f"[account.{kind}]")
        for number, name in enumerate(NAMES[platform]):
            if number % 2:
                env[f"X_{kind}_{name}".upper()] = next(to_keep)
                lines.append(f'{name} = "env:{f"X_{kind}_{name}".upper()}"')
            else:
                (secrets / f"{kind}_{name}").write_text(next(to_keep))
                lines.append(f'{name} = "file:{secrets / f"{kind}_{name}"}"')
    endpoint = "localhost:9" if platform == "google_ads" else "http://127.0.0.1:9"
    account = "123-456-7890" if platform == "google_ads" else "act_123"
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text(
        f'mode = "review"\nledger = "sqlite:///var/gebot.db"\n[[account]]\nname = "main"\n'
        f'platform = "{platform}"\nid = "{account}"\n'
        + "\n".join(lines)
        + f'\n[account.options]\nendpoint = "{endpoint}"\n'
    )

    said = [_gebot(home, *words, env=env) for words in COMMANDS]

    assert any(said), "something was said"
    assert [canaries.found(text) for text in said if canaries.found(text)] == []
    assert [path for path in _files(home) if canaries.found(path.read_bytes())] == []
