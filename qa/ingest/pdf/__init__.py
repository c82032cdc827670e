"""What the .pdf loader is made of."""
