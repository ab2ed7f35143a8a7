"""The log engine, pure: streams, line cutting, timestamps, levels, the columnar store, order and views."""
