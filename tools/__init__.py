"""What keeps README and pictures true. Nothing here ships."""
