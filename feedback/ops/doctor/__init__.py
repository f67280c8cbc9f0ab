"""One look at everything an operator would look at."""
