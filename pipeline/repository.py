"""git's environment, for calling it from this program."""

from __future__ import annotations

from collections.abc import Mapping


def without_repository(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what points git at another repository.

    A hook, or a caller inside git, sets such variables.
    """
    return {key: value for key, value in environment.items() if key not in _POINTERS}


_POINTERS = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
}
