"""What an answer and a line say, taken apart: claims, names, numbers, times, words."""
