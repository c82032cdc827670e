"""Text recognition (OCR) of scanned pages, optional."""
