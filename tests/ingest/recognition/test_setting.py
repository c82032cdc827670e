"""Check how text recognition is switched on."""

import pytest

from qa.ingest.recognition.setting import recognition_is_on


@pytest.mark.parametrize(("value", "on"), [("1", True), ("yes", True), ("0", False), ("", False), ("off", False)])
def test_variable_switches_recognition(monkeypatch, value, on):
    monkeypatch.setenv("QA_OCR", value)
    assert recognition_is_on() is on


def test_recognition_is_off_by_default(monkeypatch):
    monkeypatch.delenv("QA_OCR", raising=False)
    assert not recognition_is_on()
