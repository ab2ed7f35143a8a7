"""Hallucino: live Kubernetes logs in one pane, and model answers that show what they rest on."""

__version__ = "0.1.0"
