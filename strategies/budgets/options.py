"""Options: refuse values from config.toml that make no sense, in one form of words."""


def require(holds: bool, option: str, value: float, right: str) -> None:
    """Raise ValueError unless the condition on an option holds."""
    if not holds:
        raise ValueError(f"{option} was {value}, {right} is right")


def require_share(option: str, value: float) -> None:
    require(0 <= value < 1, option, value, "a share from 0 to below 1")


def require_word(option: str, value: str, words: tuple[str, ...]) -> None:
    if value not in words:
        right = " or ".join(repr(word) for word in words)
        raise ValueError(f"{option} was {value!r}, {right} is right")
