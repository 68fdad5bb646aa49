"""Whether a server gave the bytes that were asked for: a cache on the way may answer with others.

Clients believe what a server calls a part, wherever it begins. So the head of each answer that holds a part of an
object is held against what was asked, before any of its bytes are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pipeline.patterns import lazy_compile

WHOLE, PART = 200, 206
"""What servers answer with an object, and with a part of one."""
NUMBER = "[0-9]{1,18}"
ASKED = lazy_compile(f"bytes=({NUMBER})-({NUMBER})?")
TOLD = lazy_compile(rf"bytes ({NUMBER})-({NUMBER})/({NUMBER}|\*)")
HOOK = "descrape-ranges"


class OtherBytesError(OSError):
    """A server answered with other bytes than those that were asked for."""


class Expected(NamedTuple):
    """The object that parts are asked of.

    Attributes:
        size: Its bytes.
        tag: What tells its versions apart; empty when its server has no such thing.
    """

    size: int
    tag: str


def refuse_others(
    asked: Mapping[str, str], status: int, told: Mapping[str, str], expected: Expected | None = None
) -> None:
    """Refuse an answer that holds another part, or a part of another object.

    Args:
        asked: Headers of the request.
        status: Of the answer.
        told: Headers of the answer.
        expected: The object; None where requests for it are conditional.

    Raises:
        OtherBytesError: It does.

    >>> refuse_others({"Range": "bytes=500-999"}, 206, {"Content-Range": "bytes 500-999/4000"})
    >>> refuse_others({"Range": "bytes=500-999"}, 206, {"Content-Range": "bytes 0-499/4000"})
    Traceback (most recent call last):
    pipeline.store.ranges.OtherBytesError: bytes=500-999 was asked for, and the answer is: bytes 0-499/4000
    """
    if status not in {WHOLE, PART}:
        return
    if expected is not None and expected.tag and told.get("ETag", expected.tag) != expected.tag:
        raise OtherBytesError(f"{expected.tag} was asked for, and the answer is of {told['ETag']}")
    wanted = ASKED.fullmatch(asked.get("Range", ""))
    if wanted is None:
        return
    range_told = told.get("Content-Range", "")
    given = TOLD.fullmatch(range_told)
    if status == WHOLE and not range_told:
        fits = int(wanted[1]) == 0
    else:
        fits = given is not None and given[1] == wanted[1] and int(given[2]) <= int(wanted[2] or given[2])
        fits = fits and (expected is None or given is None or given[3] in {"*", str(expected.size)})
    if not fits:
        answer = range_told or ("the whole object" if status == WHOLE else "a part that is not named")
        raise OtherBytesError(f"{wanted[0]} was asked for, and the answer is: {answer}")


@cache
def tracing() -> Any:  # noqa: ANN401 - of aiohttp, which is an extra
    """Return what has a session of aiohttp look at each answer."""
    import aiohttp

    config = aiohttp.TraceConfig()
    config.on_request_end.append(_answered)
    return config


async def _answered(_session: object, context: Any, answered: Any) -> None:  # noqa: ANN401 - likewise
    if answered.method != "GET":
        return
    response = answered.response
    try:
        refuse_others(answered.headers, response.status, response.headers, context.trace_request_ctx)
    except OtherBytesError:
        response.close()
        raise


def watch(system: Any) -> None:  # noqa: ANN401 - fsspec has no types
    """Look at each answer of S3, whose client has hooks of its own."""
    if not hasattr(system, "call_s3"):
        return
    events = system.connect().meta.events
    events.register("before-call.s3.GetObject", _asked_s3, unique_id=f"{HOOK}-asked")
    events.register("after-call.s3.GetObject", _answered_s3, unique_id=f"{HOOK}-answered")


def _asked_s3(params: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
    context[HOOK] = dict(params["headers"])


def _answered_s3(http_response: Any, context: Mapping[str, Any], **_: object) -> None:  # noqa: ANN401 - of botocore
    refuse_others(context[HOOK], http_response.status_code, http_response.headers)
