"""Serve several pages from one process: it takes seconds to start one for each."""

import json
import sys
from contextlib import ExitStack
from threading import Event

from embeddings import load_encoder
from qa import Assistant
from qa.web import server


def main(pages: str) -> None:
    """Serve pages until Ctrl-C, and print their addresses as a JSON object.

    `pages` is a JSON object of a name for each page and the arguments of `Assistant.open`.
    """
    with ExitStack() as stack:
        served = {}
        for name, given in json.loads(pages).items():
            encoder = {"encoder": load_encoder(given.pop("encoder"))} if "encoder" in given else {}
            assistant = stack.enter_context(Assistant.open(**given, **encoder, may_be_empty=True))
            served[name] = server.start(assistant, port=0)
            stack.callback(served[name].close, verbose=False)
        print(json.dumps({name: page.local_url for name, page in served.items()}), flush=True)
        try:
            Event().wait()
        except KeyboardInterrupt:
            server.ACTIVE_WORK.close()


if __name__ == "__main__":
    main(sys.argv[1])
