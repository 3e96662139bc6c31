"""Similarity anchors: hand-worked similarities, order of rows, a slow loop, and what is refused."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from gigpo_gym.advantages import compute_advantages
from gigpo_gym.anchors import similar_anchors


def test_texts_by_hand() -> None:
    """abcd and abce have the subsequence abc in common: 2 * 3 / 8."""
    texts = ["abce", "abcd", "xyz", "abcd"]
    assert similar_anchors(texts, [0] * 4, threshold=0.75).tolist() == ["abcd", "abcd", "xyz", "abcd"]
    assert similar_anchors(texts, [0] * 4, threshold=0.76).tolist() == texts


def test_a_similarity_equal_to_the_threshold_is_enough() -> None:
    """One of 20 characters replaced: 2 * 19 / 40 = 0.95, the default."""
    a, b = "a" * 20, "a" * 19 + "b"
    assert similar_anchors([b, a], [0, 0]).tolist() == [a, a]
    # 1 - 8 / 10 comes out a little below 0.2
    assert similar_anchors(["abbbb", "aaaaa"], [0, 0], threshold=0.2).tolist() == ["aaaaa", "aaaaa"]
    assert similar_anchors([[1.0, 0.0], [1.0, 1.0]], [0, 0], threshold=math.sqrt(0.5)).tolist() == [0, 0]


def test_a_chain_is_one_component_in_whatever_order() -> None:
    """aaaa - aaab - aabb - abbb: neighbours share 3 of 4 letters, the ends 1. Greedy clustering would cut it."""
    chain = ["abbb", "aaaa", "aabb", "aaab"]
    for texts in (chain, chain[::-1], sorted(chain)):
        assert similar_anchors(texts, [0] * 4, threshold=0.7).tolist() == ["aaaa"] * 4
    assert similar_anchors(["abbb", "aaaa"], [0, 0], threshold=0.7).tolist() == ["abbb", "aaaa"]


def test_groups_are_kept_apart() -> None:
    """aaaa and aabb are joined through aaab, which only group 'g' has seen."""
    keys = similar_anchors(["aabb", "aaab", "aaaa", "aabb", "aaaa"], ["g", "g", "g", "h", "h"], threshold=0.7)
    assert keys.tolist() == ["aaaa", "aaaa", "aaaa", "aabb", "aaaa"]


def test_embeddings_by_hand() -> None:
    """cos 0, 30, 60 and 90 degrees: neighbours at 0.866. Length does not matter, direction does."""
    angles = np.deg2rad([90, 0, 60, 30, 180])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1) * [[1], [2], [3], [1e-200], [1e200]]
    keys = similar_anchors(vectors, [0] * 5, threshold=0.86)
    assert len(set(keys[:4])) == 1
    assert keys[4] != keys[0]
    assert len(set(similar_anchors(vectors, [0] * 5, threshold=0.87))) == 5
    assert len(set(similar_anchors(vectors, [0, 1, 0, 1, 0], threshold=0.86)[[0, 2]])) == 1
    assert len(set(similar_anchors(vectors[:2], [0, 0], threshold=0.01))) == 2


def test_exact_threshold_joins_parallel_vectors_and_equal_texts_only() -> None:
    rng = np.random.default_rng(0)
    vector = rng.normal(size=7)
    keys = similar_anchors([vector, 3.7 * vector, vector + 1e-4 * rng.normal(size=7)], [0] * 3, threshold=1.0)
    assert keys[0] == keys[1] != keys[2]
    assert similar_anchors(["a b", "a  b", "a b"], [0] * 3, threshold=1.0).tolist() == ["a b", "a  b", "a b"]


def test_signed_zeros_are_one_direction() -> None:
    assert similar_anchors([[0.0, 1.0], [-0.0, 1.0]], [0, 0], threshold=1.0).tolist() == [0, 0]


def test_keys_go_to_compute_advantages() -> None:
    texts = ["You see a door 1.", "You see a door 2.", "You are in a cave."]
    keys = similar_anchors(texts, [0, 0, 0], threshold=0.9)
    step = compute_advantages([1.0, 0.0, 5.0], [0, 1, 2], [0, 0, 0], keys).step
    assert_array_equal(step, [0.5, -0.5, 0.0])
    assert_array_equal(compute_advantages([1.0, 0.0, 5.0], [0, 1, 2], [0, 0, 0], texts).step, [0, 0, 0])
    vectors = [[1.0, 0.0], [1.0, 0.01], [0.0, 1.0]]
    assert_array_equal(
        compute_advantages([1.0, 0.0, 5.0], [0, 1, 2], [0, 0, 0], similar_anchors(vectors, [0, 0, 0])).step, step
    )


# -- the slow loop -----------------------------------------------------------------------------------------------------


def common_subsequence(a: str, b: str) -> int:
    longest = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            longest[i + 1][j + 1] = longest[i][j] + 1 if x == y else max(longest[i][j + 1], longest[i + 1][j])
    return longest[-1][-1]


def text_similarity(a: str, b: str) -> float:
    return 2 * common_subsequence(a, b) / (len(a) + len(b)) if a or b else 1.0


def cosine(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True)) / (math.hypot(*a) * math.hypot(*b))


def slow_partition(entries: list[Any], groups: list[int], similarity: Callable[[Any, Any], float], least: float) -> Any:
    """Components by merging any two that touch, until none do; as sets of rows."""
    parts = [{row} for row in range(len(entries))]

    def touch(a: set[int], b: set[int]) -> bool:
        return any(groups[i] == groups[j] and similarity(entries[i], entries[j]) >= least - 1e-9 for i in a for j in b)

    while True:
        pair = next(((a, b) for a in parts for b in parts if a is not b and touch(a, b)), None)
        if pair is None:
            return {frozenset(part) for part in parts}
        parts = [part for part in parts if part is not pair[0] and part is not pair[1]] + [pair[0] | pair[1]]


def partition(keys: Any, groups: list[int]) -> Any:
    rows = list(zip(groups, keys.tolist(), strict=True))
    return {frozenset(n for n, row in enumerate(rows) if row == key) for key in set(rows)}


thresholds = st.sampled_from([0.2, 0.3, 0.5, 0.6, 0.75, 0.95, 1.0])
texts_in_groups = st.lists(st.tuples(st.text("ab", max_size=6), st.integers(0, 1)), min_size=1, max_size=8)
vectors_in_groups = st.lists(
    st.tuples(st.tuples(*[st.integers(-3, 3)] * 3).filter(any), st.integers(0, 1)), min_size=1, max_size=8
)


@settings(deadline=None)
@given(texts_in_groups, thresholds, st.randoms())
def test_texts_equal_the_slow_loop_in_any_order(rows: list[tuple[str, int]], threshold: float, random: Any) -> None:
    texts, groups = [text for text, _ in rows], [group for _, group in rows]
    keys = similar_anchors(texts, groups, threshold)
    parts = slow_partition(texts, groups, text_similarity, threshold)
    assert partition(keys, groups) == parts
    assert all(keys[row] == min(texts[n] for n in part) for part in parts for row in part)
    order = random.sample(range(len(rows)), len(rows))
    again = similar_anchors([texts[n] for n in order], [groups[n] for n in order], threshold)
    assert again.tolist() == keys[order].tolist()


@settings(deadline=None)
@given(vectors_in_groups, thresholds, st.randoms())
def test_embeddings_equal_the_slow_loop_in_any_order(rows: list[Any], threshold: float, random: Any) -> None:
    vectors, groups = [vector for vector, _ in rows], [group for _, group in rows]
    keys = similar_anchors(vectors, groups, threshold)
    assert keys.dtype == np.int64
    assert partition(keys, groups) == slow_partition(vectors, groups, cosine, threshold)
    order = random.sample(range(len(rows)), len(rows))
    again = similar_anchors([vectors[n] for n in order], [groups[n] for n in order], threshold)
    assert again.tolist() == keys[order].tolist()


# -- input -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [list, np.array, lambda texts: np.array(texts, dtype=object)])
def test_texts_of_any_kind(kind: Any) -> None:
    keys = similar_anchors(kind(["b", "a", "b"]), kind(["g", "g", "g"]))
    assert keys.tolist() == ["b", "a", "b"]
    assert {type(key) for key in keys} == {str}


def test_no_rows() -> None:
    assert similar_anchors([], []).shape == (0,)


@pytest.mark.parametrize(
    ("entries", "groups", "threshold", "message"),
    [
        (["a"], [0], 0.0, r"threshold in \(0, 1\], got 0.0"),
        (["a"], [0], 1.01, "threshold"),
        (["a"], [0], math.nan, "threshold"),
        (["a", "b"], [0], 0.95, "one group id per entry, got 1"),
        ("a", [0], 0.95, "one group id per entry"),
        ([[1.0, 2.0], [0.0, -0.0]], [0, 0], 0.95, "not zero, .* in row 1"),
        ([[1.0, math.nan]], [0], 0.95, "finite and not zero, .* in row 0"),
        ([[math.inf, 1.0]], [0], 0.95, "finite and not zero"),
        (["a", 1.0], [0, 0], 0.95, "all str, or embeddings .* float, str"),
        (["a", None], [0, 0], 0.95, "NoneType, str"),
        ([1.0, 2.0], [0, 0], 0.95, r"embeddings \(N, D\)"),
        ([[1.0], [1.0, 2.0]], [0, 0], 0.95, r"embeddings \(N, D\)"),
        (np.ones((2, 2, 2)), [0, 0], 0.95, r"embeddings \(N, D\)"),
        (np.ones((2, 0)), [0, 0], 0.95, r"embeddings \(N, D\)"),
    ],
)
def test_what_cannot_be_meant_is_refused(entries: Any, groups: Any, threshold: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        similar_anchors(entries, groups, threshold)
