"""Adapters that bring tokens from language models."""
