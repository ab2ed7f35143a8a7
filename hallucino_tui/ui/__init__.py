"""The Textual user interface: app, bridge, screens and widgets. It holds no policy."""
