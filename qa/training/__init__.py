"""Train the reader and fit the confidence of its answers; never imported at run time."""
