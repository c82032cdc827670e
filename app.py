"""Serve the chat over the built-in corpus: python app.py. `qa serve PATH` serves it over any other."""

from qa.web.server import main

if __name__ == "__main__":
    main()
