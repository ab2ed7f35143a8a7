"""Words, and which of them mean the same."""
