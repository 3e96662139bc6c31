"""What a user should know once, however many environments are made."""

import logging
from functools import cache

logger = logging.getLogger(__name__)


@cache
def say_once(message: str) -> None:
    """Log a warning, once in this process."""
    logger.warning(message)
