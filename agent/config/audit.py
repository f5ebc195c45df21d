"""Audit settings: where the key of the seal is kept, and where the head of the chain is anchored."""

from agent.config.names import Table
from agent.config.places import FilePath, Reference


class AuditSettings(Table):
    """How what gebot decided is kept from being altered unseen.

    Attributes:
        key: Reference to the key of the seal; None: ``audit.key`` in the state folder, which
            is made when it is first needed.
        anchor: The file that the head of the chain is written to, best on another disk; None:
            ``audit.anchor`` in the state folder.
    """

    key: Reference | None = None
    anchor: FilePath | None = None
