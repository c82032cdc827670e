"""One module for each way of turning text into vectors."""
