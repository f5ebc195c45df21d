"""Lines: the text of settings, in use or not."""

import tomlkit


def quoted(text: str) -> str:
    """The text as a TOML string, whatever is in it."""
    return tomlkit.string(text).as_string()


def line_of(line: str, *, in_use: bool) -> str:
    """The line, as a comment where it is not in use."""
    return line if in_use else f"# {line}"


def block_of(text: str, *, in_use: bool) -> str:
    """The same for many lines."""
    return "\n".join(line_of(line, in_use=in_use) for line in text.splitlines())
