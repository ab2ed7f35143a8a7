"""Widgets: what is drawn, and which keys it hears."""
