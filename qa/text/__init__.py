"""Words, sentences and languages of texts."""
