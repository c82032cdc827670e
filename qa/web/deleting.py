"""Delete a document on the page, with the file that it is in; and restore a file of the user's own."""

from qa.assistant import Assistant
from qa.errors import CorpusError
from qa.history.erasure import forget, undo_forget
from qa.history.store import ChatStore
from qa.ingest.uploads import delete_upload
from qa.web.html import strings
from qa.web.html.notices import render_deletion


def delete_document(assistant: Assistant, chats: ChatStore, id: str) -> str:
    """Remove the file of the document with this id from the index and the chats, and return a report as HTML.

    An uploaded file is deleted from disk. A file of the user's own stays on disk and is left out of the index.

    Raises:
        CorpusError: there is no document with this id.
    """
    file = next((one.file for one in assistant.corpus.documents() if one.id == id), None)
    if file is None:
        raise CorpusError(strings.NO_SUCH_DOCUMENT)
    with assistant.beside() as corpus:
        receipt = forget(corpus, chats, file)
        if delete_upload(assistant.roots, file):
            undo_forget(corpus, file)  # so that a file of the same name can be uploaded again
    return render_deletion(receipt)


def restore_file(assistant: Assistant, file: str) -> None:
    """Let the next indexing read a file of the user's own again after it was removed.

    Raises:
        CorpusError: the file was not removed.
    """
    with assistant.beside() as corpus:
        undo_forget(corpus, file)
