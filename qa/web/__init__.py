"""What the web page is made of, without the framework that serves it; app.py puts it together."""
