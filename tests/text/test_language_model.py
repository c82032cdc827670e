"""The cached identifier agrees with the package's own, and loads without unpacking it."""

import lzma

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from embeddings.paths import cache_folder
from qa.text.language_model import load_identifier

TEXTS = (
    "The foreign minister spoke to reporters in Geneva on Friday.",
    "Министр иностранных дел выступил перед журналистами в Женеве.",
    "Der Außenminister sprach am Freitag in Genf vor der Presse.",
    "Le ministre des Affaires étrangères s'est exprimé vendredi à Genève.",
    "外交部长周五在日内瓦对记者发表讲话。",
    "تحدث وزير الخارجية إلى الصحفيين في جنيف يوم الجمعة.",
    "x",
    "",
)


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """Load the identifier once, and return the path of its cached copy."""
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    load_identifier()
    (file,) = cache_folder().glob("languages-*")
    return file


@pytest.fixture(scope="module")
def expected():
    """Classify the texts with the package's own identifier."""
    packed = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return [packed.classify(text) for text in TEXTS]


def test_cached_model_agrees_with_the_package(cached, expected, monkeypatch):
    monkeypatch.setattr(lzma, "open", lambda *_: pytest.fail("was unpacked"))
    found = load_identifier()
    assert [found.classify(text) for text in TEXTS] == expected
    assert [name for name, _ in expected[:6]] == ["en", "ru", "de", "fr", "zh", "ar"]


@pytest.mark.parametrize("damage", ["cut short", "one byte", "other content"])
def test_damaged_cache_is_rebuilt(cached, expected, damage):
    whole = cached.read_bytes()
    half = len(whole) // 2
    changed = {
        "cut short": whole[:half],
        "one byte": whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :],
        "other content": b"never an archive",
    }
    cached.write_bytes(changed[damage])
    assert [load_identifier().classify(text) for text in TEXTS] == expected
    assert cached.read_bytes() == whole


def test_unwritable_cache_still_loads(tmp_path, expected, monkeypatch):
    (tmp_path / "cache").write_text("in the way", "utf-8")
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    assert load_identifier().classify(TEXTS[1]) == expected[1]
    assert (tmp_path / "cache").read_text("utf-8") == "in the way"
