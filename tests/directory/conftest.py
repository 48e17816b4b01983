"""Whom several tests of this room are about."""

from nova import ben, lea  # noqa: F401 - fixtures of several files
