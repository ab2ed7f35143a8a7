"""Pure: what can be said about lines without any model."""
