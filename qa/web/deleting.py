"""A document deleted on the page, with the file that it is in; and one of one's own files taken back."""

from qa.assistant import Assistant
from qa.errors import CorpusError
from qa.history.erasure import forget, undo_forget
from qa.history.store import ChatStore
from qa.ingest.uploads import delete_upload
from qa.web.html import strings
from qa.web.html.notices import render_deletion


def remove(assistant: Assistant, kept: ChatStore, id: str) -> str:
    """HTML of what went. A file that was handed over is deleted; one of the user's own stays and is left out.

    Raises:
        CorpusError: there is no document of that id.
    """
    file = next((one.file for one in assistant.corpus.documents() if one.id == id), None)
    if file is None:
        raise CorpusError(strings.NO_SUCH_DOCUMENT)
    with assistant.beside() as corpus:
        receipt = forget(corpus, kept, file)
        if delete_upload(assistant.roots, file):
            undo_forget(corpus, file)  # so that one of the same name may come again
    return render_deletion(receipt)


def restore(assistant: Assistant, file: str) -> None:
    """Let a file of the user's own that was left out be read again when the corpus is indexed next.

    Raises:
        CorpusError: it was not left out.
    """
    with assistant.beside() as corpus:
        undo_forget(corpus, file)
