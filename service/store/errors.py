"""What can go wrong with a change, apart from the database itself."""

from matcher.errors import MatcherError


class MissingError(MatcherError):
    """There is no such row. The message names the kind alone: an id may be what somebody was trying out."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"there is no such {kind}; accepted: one that exists")
        self.kind = kind


class TakenError(MatcherError):
    """The id is taken."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a {kind} of that id exists already; accepted: an id that is not in use")
        self.kind = kind


class StaleError(MatcherError):
    """The row is no longer at the revision that the change was made for."""

    def __init__(self, kind: str, revision: int) -> None:
        super().__init__(f"the {kind} has been changed meanwhile; accepted: revision {revision}")
        self.kind, self.revision = kind, revision


class BusyError(MatcherError):
    """Others held the database for too long; the same may succeed in a moment."""

    def __init__(self, reason: str = "the database is busy; accepted: the same again in a moment") -> None:
        super().__init__(reason)


class UnreachableError(BusyError):
    """There is no database at the URL now, or none that can be used."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the database cannot be used ({reason}); accepted: one that can be reached and read")
