"""What can go wrong between files and an answer.

QAError
├── QuestionError      the question is empty or too long
├── DocumentError      one file cannot be read; the rest of the batch goes on
├── CorpusError        the corpus cannot be built or opened
│   ├── NothingToIndex     no file there that a loader reads
│   ├── OtherEncoder       the index was made by another encoder
│   ├── Busy               another process is indexing
│   ├── DiskFull           no room for what is to be written
│   ├── IdTaken            two files hold documents of one id
│   └── DamagedCorpus      a file of the corpus is not what was written
├── CitationError      a quote is not what the stored text says at its offsets
├── ReaderError        the reader's weights are missing, damaged or of another version
└── EvaluationError    an evaluation set that cannot be read

Every message is one line: what was found, what was wanted and what to type next.
"""


class QAError(Exception):
    """Base of every error this package raises on purpose."""


class QuestionError(QAError):
    """The question is empty or too long."""


class DocumentError(QAError):
    """One file cannot be read."""


class CorpusError(QAError):
    """The corpus cannot be built or opened."""


class NothingToIndex(CorpusError):
    """No file there that a loader reads."""


class OtherEncoder(CorpusError):
    """The index was made by another encoder; vectors of two encoders are never mixed."""


class Busy(CorpusError):
    """Another process is bringing the corpus up to date."""


class DiskFull(CorpusError):
    """There is no room for what is to be written; nothing of it is kept."""


class IdTaken(CorpusError):
    """Two files hold documents of one id."""


class DamagedCorpus(CorpusError):
    """A file of the corpus is not what was written."""


class CitationError(QAError):
    """A quote is not what the stored text says at its offsets."""


class EvaluationError(QAError):
    """An evaluation set that cannot be read."""


class ReaderError(QAError):
    """The reader's weights are missing, damaged or of another version."""
