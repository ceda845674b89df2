"""Loopback and local addresses."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
