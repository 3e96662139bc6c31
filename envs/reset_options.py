"""The reset options that every environment takes."""

from typing import Any


def task_and_member(options: dict[str, Any] | None) -> tuple[Any, int]:
    """The options `task`, None where it is not given, and `member`, by default 0.

    Raises:
        ValueError: there are other options, or the member is no int of 0 or more. What a task may be, the environment
            says.
    """
    options = dict(options or {})
    task_id, member = options.pop("task", None), options.pop("member", 0)
    if options:
        raise ValueError(f"expected the reset options 'task' and 'member', got {sorted(options)} too: leave them out")
    if not isinstance(member, int) or member < 0:
        raise ValueError(f"expected the reset option member to be an int of 0 or more, got {member!r}")
    return task_id, member
