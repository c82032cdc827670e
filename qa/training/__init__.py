"""Train the reader and fit the answer's confidence; never imported at run time."""
