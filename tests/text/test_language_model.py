"""The identifier that was kept is the package's own, and loads without unpacking it."""

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
def kept(tmp_path, monkeypatch):
    """Where it is kept, after it was loaded once."""
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    load_identifier()
    (file,) = cache_folder().glob("languages-*")
    return file


@pytest.fixture(scope="module")
def told():
    """What the package's own says."""
    packed = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return [packed.classify(text) for text in TEXTS]


def test_what_was_kept_tells_languages_as_the_package_does(kept, told, monkeypatch):
    monkeypatch.setattr(lzma, "open", lambda *_: pytest.fail("was unpacked"))
    found = load_identifier()
    assert [found.classify(text) for text in TEXTS] == told
    assert [name for name, _ in told[:6]] == ["en", "ru", "de", "fr", "zh", "ar"]


@pytest.mark.parametrize("damage", ["cut short", "one byte", "of another kind"])
def test_one_that_is_damaged_is_made_anew(kept, told, damage):
    whole = kept.read_bytes()
    half = len(whole) // 2
    changed = {
        "cut short": whole[:half],
        "one byte": whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :],
        "of another kind": b"never an archive",
    }
    kept.write_bytes(changed[damage])
    assert [load_identifier().classify(text) for text in TEXTS] == told
    assert kept.read_bytes() == whole


def test_where_nothing_can_be_kept_it_is_loaded_all_the_same(tmp_path, told, monkeypatch):
    (tmp_path / "cache").write_text("in the way", "utf-8")
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    assert load_identifier().classify(TEXTS[1]) == told[1]
    assert (tmp_path / "cache").read_text("utf-8") == "in the way"
