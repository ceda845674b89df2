"""Addresses of this machine."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
