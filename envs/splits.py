"""Splits by content: a digest of the task decides which split it belongs to."""

import hashlib

SPLITS = ("train", "eval")
EVAL_SHARE = 8  # one task in so many belongs to "eval"


def split_of(content: str) -> str:
    """The split of a task that `content` describes in full: the same on every machine, and never both."""
    digest = hashlib.sha256(content.encode()).digest()
    return "eval" if int.from_bytes(digest[:8], "big") % EVAL_SHARE == 0 else "train"
