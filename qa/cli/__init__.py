"""Run the product from the command line."""
