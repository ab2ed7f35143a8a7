"""Commands and the composition root: the one place that builds adapters and joins them."""
