"""Anchor keys by similarity, for states that are hardly ever exactly the same twice.

GiGPO (arXiv 2505.10978; step 4 of the estimator) gives the steps taken in one state a common baseline. Where equality
is too strict a test of "one state", steps with similar observations may share it: the keys made here go to
`compute_advantages` as `state_keys`. Connected components, unlike greedy clusters, do not depend on the order of rows.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from gigpo_gym.records import BoolArray, FloatArray, IntArray, StrArray

# A similarity this little below the threshold reaches it, lest rounding part what is exactly as similar as asked for.
ROUNDING = 1e-12


def similar_anchors(
    texts_or_embeddings: Sequence[str] | ArrayLike,
    group_ids: Sequence[int | str] | NDArray[Any],
    threshold: float = 0.95,
) -> StrArray | IntArray:
    """Keys (N,): the connected components of the graph "similarity >= threshold" inside each group.

    Texts (N,), all str: the similarity of a and b is the normalised Indel ratio 2 LCS(a, b) / (len a + len b), where
    LCS is the length of the longest common subsequence (`rapidfuzz.distance.Indel.normalized_similarity`). The key of
    a component is its smallest text in the order of str: an object array of str.

    Embeddings (N, D) of numbers: the similarity is the cosine. The key of a component is the rank of its smallest unit
    vector among the distinct ones of the group, in lexicographic order: int64.

    Keys of different groups may be equal; `compute_advantages` keeps groups apart. Time and memory are quadratic in the
    distinct entries of one group. `group_ids` (N,) are ints or strings.

    Raises ValueError on a threshold outside (0, 1], lengths that differ, entries that are neither all texts nor vectors
    of one length, and vectors that are zero or not finite.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"expected threshold in (0, 1], got {threshold}; 1 joins only equals, the default is 0.95")
    given = texts_or_embeddings
    entries = given if isinstance(given, np.ndarray) else np.asarray(given, dtype=object)
    if entries.ndim == 0 or len(entries) != len(group_ids):
        raise ValueError(f"expected one group id per entry, got {len(group_ids)} for entries of shape {entries.shape}")
    rows: defaultdict[int | str, list[int]] = defaultdict(list)
    for row, group in enumerate(group_ids):
        rows[group].append(row)

    if entries.ndim == 1 and all(isinstance(entry, str) for entry in entries):
        texts = np.empty(len(entries), dtype=object)
        for members in rows.values():
            texts[members] = _text_keys([str(entries[row]) for row in members], threshold)
        return texts
    directions = _directions(entries)
    ranks = np.empty(len(directions), dtype=np.int64)
    for members in rows.values():
        ranks[members] = _direction_keys(directions[members], threshold)
    return ranks


def _text_keys(texts: list[str], threshold: float) -> list[str]:
    distinct = sorted(set(texts))
    # No score_cutoff, though it would save a third: close to the cutoff rapidfuzz answers 0 to what is above it.
    ratio = process.cdist(distinct, distinct, scorer=Indel.normalized_similarity, dtype=np.float64)
    smallest = dict(zip(distinct, _components(ratio >= threshold - ROUNDING), strict=True))
    return [distinct[smallest[text]] for text in texts]


def _directions(entries: NDArray[Any]) -> FloatArray:
    """Unit vectors (N, D)."""
    try:
        vectors: FloatArray = entries.astype(np.float64)
    except (TypeError, ValueError):
        vectors = np.empty(0)
    if vectors.ndim != 2 or vectors.shape[1] == 0:
        raise ValueError(
            f"expected texts (N,), all str, or embeddings (N, D) of numbers, got shape {entries.shape} of "
            f"{', '.join(sorted({type(entry).__name__ for entry in entries.flat}))}; convert them first"
        )
    largest = np.abs(vectors).max(axis=1, keepdims=True)  # divided out first: squares then neither overflow nor vanish
    bad = np.flatnonzero(~(np.isfinite(largest) & (largest > 0)))
    if len(bad):
        raise ValueError(
            f"expected embeddings that are finite and not zero, got {vectors[bad[0]]} in row {bad[0]}; leave it out"
        )
    vectors /= largest
    vectors /= np.sqrt(np.sum(vectors**2, axis=1, keepdims=True))
    return vectors


def _direction_keys(directions: FloatArray, threshold: float) -> IntArray:
    # Sorted, so that rounding in the product is the same in whatever order the rows came
    distinct, which = np.unique(directions, axis=0, return_inverse=True)
    return _components(distinct @ distinct.T >= threshold - ROUNDING)[which.reshape(-1)]


def _components(similar: BoolArray) -> IntArray:
    """The smallest member (U,) of each node's connected component; `similar` (U, U) is symmetric."""
    smallest = np.full(len(similar), -1)
    for start in range(len(similar)):
        if smallest[start] >= 0:
            continue
        smallest[start] = start
        reached = [start]
        while reached:
            new = np.flatnonzero(similar[reached.pop()] & (smallest < 0))
            smallest[new] = start
            reached.extend(new.tolist())
    return smallest
