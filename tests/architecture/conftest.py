"""The world every address is tried in."""

from tests.world import world as world
