"""Adapters that bring logs."""
