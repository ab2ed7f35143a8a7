"""The story that the demo cluster plays: a shop, a bad rollout, and everybody who suffers from it."""
