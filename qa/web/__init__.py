"""The web page: its event handlers, access control and server; `html` renders it."""
