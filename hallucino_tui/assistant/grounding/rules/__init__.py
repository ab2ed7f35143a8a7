"""What a claim must not do: one rule, or a few that belong together, a file."""
