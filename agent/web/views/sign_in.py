"""What the sign-in page shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInView:
    """`to` is the path that is opened afterwards; `first`: nobody may sign in yet."""

    problem: str
    to: str
    name: str = ""
    first: bool = False
