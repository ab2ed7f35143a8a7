"""Checks each claim of an answer against the lines that it cites."""
