"""Tests of flows: read from `*.test.flow`, run by the simulator, told in words."""
