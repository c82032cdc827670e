"""Define every error that is raised on purpose between files and an answer.

QAError
├── QuestionError      the question is empty or too long
├── DocumentError      one file cannot be read; the rest of the batch continues
├── CorpusError        the corpus cannot be built or opened
│   ├── NothingToIndex     no file that a loader can read
│   ├── FolderEmptied      a folder that held files holds none
│   ├── OtherEncoder       the index was made with another encoder
│   ├── Busy               another process is indexing
│   ├── DiskFull           no room for what must be written
│   ├── IdTaken            two files contain documents with the same id
│   └── DamagedCorpus      a file of the corpus is not what was written
├── CitationError      a quote differs from the stored text at its offsets
├── ReaderError        the reader's weights are missing, damaged or of another version
└── EvaluationError    an evaluation set cannot be read

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
    """There is no file that a loader can read."""


class FolderEmptied(CorpusError):
    """A folder that held indexed files holds none now; its drive may not be mounted. The index is kept."""


class OtherEncoder(CorpusError):
    """The index was made with another encoder; vectors of two encoders are never mixed."""


class Busy(CorpusError):
    """Another process is updating the corpus."""


class DiskFull(CorpusError):
    """There is no room for what must be written; none of it is kept."""


class IdTaken(CorpusError):
    """Two files contain documents with the same id."""


class DamagedCorpus(CorpusError):
    """A file of the corpus is not what was written."""


class CitationError(QAError):
    """A quote differs from the stored text at its offsets."""


class EvaluationError(QAError):
    """An evaluation set cannot be read."""


class ReaderError(QAError):
    """The reader's weights are missing, damaged or of another version."""
