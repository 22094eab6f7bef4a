"""The one way in which a cell's parser says no."""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches


class UnreadableError(ValueError):
    """A cell that cannot be read: what would be accepted, and the values among which a near one may be meant.

    Of a list, `items` are those that cannot be read, each with its own error.
    """

    def __init__(
        self,
        accepted: str,
        among: Callable[[], Sequence[str]] = tuple,
        items: Sequence[tuple[str, "UnreadableError"]] = (),
    ) -> None:
        super().__init__(accepted)
        self.accepted = accepted
        self.among = among
        self.items = items

    def reasons(self, text: str, *, suggest: bool) -> Iterator[tuple[str, str]]:
        """What cannot be read and what is accepted, one pair an item of a list.

        `suggest` adds the closest known spelling where one is close; that takes a pass over all of them.
        """
        for value, error in self.items or [(text, self)]:
            close = get_close_matches(value[:80], error.among(), n=1) if suggest else []
            meant = f"; もしかして (did you mean) {close[0]}?" if close else ""
            yield value, error.accepted + meant
