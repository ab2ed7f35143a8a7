"""The times that lines of log files carry: which way a file writes them, and reading them for a whole block at once."""
