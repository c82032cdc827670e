"""Score the product on evaluation sets."""
