"""One module for each format; ``write(landing)`` gives its bytes."""
