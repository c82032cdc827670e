"""One module for each way of finding the nearest vectors."""
