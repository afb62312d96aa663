"""One module a step, never changed after a release."""
