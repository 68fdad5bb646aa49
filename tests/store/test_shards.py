from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.model import doc_id
from pipeline.store import shards as module
from pipeline.store.shards import end_of_shard
from tests.corpus import many

MEANS = (1, 2, 4)

names = st.integers(0, 400).map(lambda number: f"{number % 5}/{number}.txt")
lists = st.sets(names, max_size=60).map(sorted)


def shards(inputs: list[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where each shard begins and ends."""
    start = 0
    while start < len(inputs):
        stop = start + end_of_shard(inputs[start:])
        yield start, stop
        start = stop


def cut(uris: list[str], mean: int, most: int) -> list[tuple[str, ...]]:
    """Return the shards of these URIs, with other sizes than those of the program."""
    with mock.patch.object(module, "MEAN", mean), mock.patch.object(module, "MOST", most):
        return [tuple(uris[start:stop]) for start, stop in shards([(uri, 0, 0) for uri in uris])]


def is_even(uri: str, mean: int) -> bool:
    """Whether a shard ends behind this input wherever it stands."""
    return int(doc_id(uri)[:8], 16) % mean == 0


def window(uris: list[str], uri: str, mean: int) -> set[str]:
    """Return the inputs between the two even identities around one: all that its coming or going may move."""
    before = [other for other in uris if other < uri and is_even(other, mean)]
    after = [other for other in uris if other > uri and is_even(other, mean)]
    return {other for other in uris if (not before or other > before[-1]) and (not after or other <= after[0])}


@given(lists, st.sampled_from(MEANS), st.integers(1, 12))
def test_shards_are_the_list_cut_in_order(uris: list[str], mean: int, most: int) -> None:
    found = cut(uris, mean, most)
    assert [uri for shard in found for uri in shard] == uris
    assert all(0 < len(shard) <= most for shard in found)


@given(lists, st.sampled_from(MEANS), st.integers(1, 12))
def test_the_same_list_is_cut_the_same_way(uris: list[str], mean: int, most: int) -> None:
    assert cut(uris, mean, most) == cut(list(uris), mean, most)


@given(lists, names, st.sampled_from(MEANS))
def test_an_input_that_comes_or_goes_changes_its_own_shard_and_at_most_one_neighbour(
    uris: list[str], uri: str, mean: int
) -> None:
    assume(uri not in uris)
    most = len(uris) + 1  # no shard is cut for its size alone
    without = set(cut(uris, mean, most))
    with_it = set(cut(sorted([*uris, uri]), mean, most))
    assert len(without - with_it) <= 1
    assert len(with_it - without) <= 2
    assert any(uri in shard for shard in with_it - without)


@given(lists, names, st.sampled_from(MEANS), st.integers(1, 12))
def test_where_shards_are_full_the_next_even_identity_brings_them_back_into_step(
    uris: list[str], uri: str, mean: int, most: int
) -> None:
    assume(uri not in uris)
    more = sorted([*uris, uri])
    moved = set(cut(uris, mean, most)) ^ set(cut(more, mean, most))
    assert {other for shard in moved for other in shard} <= window(more, uri, mean) | {uri}


def test_nothing_has_no_shards() -> None:
    assert list(shards([])) == []


def test_a_corpus_is_cut_into_shards_of_the_size_that_was_meant() -> None:
    uris = sorted(many(7000))
    found = [stop - start for start, stop in shards([(uri, 0, 0) for uri in uris])]
    assert len(found) > 2
    assert max(found) <= module.MOST
    assert module.MOST == 4 * module.MEAN


def test_a_large_container_ends_its_shard_and_small_ones_count_by_their_size() -> None:
    large = module.MEAN * module.PAGE_BYTES
    assert list(shards([("a.txt", 0, 0), ("b.jsonl", 0, large), ("c.jsonl", 0, large), ("d.txt", 0, 0)])) == [
        (0, 2),
        (2, 3),
        (3, 4),
    ]
    containers = [(f"{number:04d}.jsonl", 0, large // 8) for number in range(800)]
    lengths = [stop - start for start, stop in shards(containers)]
    assert max(lengths) <= 4 * 8
    assert 4 < len(containers) / len(lengths) < 16
