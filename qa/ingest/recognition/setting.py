"""Say whether text recognition (OCR) of scanned pages is switched on."""

import os

ADVICE = "to read scanned pages, type: pip install 'cited-qa[ocr]', and set QA_OCR=1"


def recognition_is_on() -> bool:
    """Return whether the environment variable `QA_OCR` is set, to anything but 0 or nothing."""
    return os.environ.get("QA_OCR", "0").strip().lower() not in ("", "0", "no", "off", "false")
