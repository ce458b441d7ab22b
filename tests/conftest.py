from __future__ import annotations

from hypothesis import settings

# Machines are shared: how long an example took says nothing about the code.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")
