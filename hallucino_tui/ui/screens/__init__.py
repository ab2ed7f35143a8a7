"""Screens: which widgets stand together, and what happens between them."""
