"""Read web pages and the chapters of books: what they show, block by block."""
