"""Adapters that take results."""
