"""ETags: a row's revision, so that nobody overwrites a change that he has not read (RFC 9110, 13.1.1)."""

import re
from typing import Annotated

from fastapi import Depends, Header

from service.problems import Refused

_PATTERN = r'"[0-9]{1,18}"'
_STRONG = re.compile(_PATTERN)


def etag(revision: int) -> dict[str, str]:
    """The header that goes with a row of this revision."""
    return {"ETag": f'"{revision}"'}


async def _expected(
    if_match: Annotated[
        str | None,
        Header(
            description='読んだときの ETag、"12" のように (the ETag that was read)',
            examples=['"12"'],
            json_schema_extra={"pattern": f"^{_PATTERN}$"},
        ),
    ] = None,
) -> int:
    """The revision that the client has read. Raises 428 without one, 412 for a tag that can be none of ours."""
    if if_match is None or if_match.strip() == "*":
        raise Refused(428)
    found = _STRONG.fullmatch(if_match.strip())
    if found is None:
        raise Refused(412)
    return int(found[0].strip('"'))


Expected = Annotated[int, Depends(_expected)]
