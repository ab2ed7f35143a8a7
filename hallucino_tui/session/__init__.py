"""Orchestration without I/O of its own: hub, inventory, receipts, and one question as one run."""
