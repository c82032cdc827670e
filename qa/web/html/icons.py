"""The page's icons: strokes on a grid of 20, in the colour of the text beside them."""

PATHS = {
    "add": "M10 4.5v11M4.5 10h11",
    "after": "m8 4.5 5.5 5.5L8 15.5",
    "before": "M12 4.5 6.5 10l5.5 5.5",
    "close": "m5 5 10 10M15 5 5 15",
    "copy": "M7.5 7.5V4.2c0-.7.5-1.2 1.2-1.2h7.1c.7 0 1.2.5 1.2 1.2v7.1c0 .7-.5 1.2-1.2 1.2h-3.3"
    "M4.2 7.5h7.1c.7 0 1.2.5 1.2 1.2v7.1c0 .7-.5 1.2-1.2 1.2H4.2c-.7 0-1.2-.5-1.2-1.2V8.7c0-.7.5-1.2 1.2-1.2Z",
    "down": "M6.5 11V4H4v7h2.5Zm0 0 3 5.5c1.3 0 2-.9 2-2V12h3.6c1 0 1.7-.9 1.5-1.9l-.9-4.6A1.9 1.9 0 0 0 13.8 4H6.5",
    "download": "M10 3.5v9M6 9l4 4 4-4M4 16.5h12",
    "folder": "M3 6.2c0-.7.5-1.2 1.2-1.2h3.3l1.8 2h6.5c.7 0 1.2.5 1.2 1.2v6.1c0 .7-.5 1.2-1.2 1.2H4.2"
    "c-.7 0-1.2-.5-1.2-1.2V6.2Z",
    "link": "M8.5 11.5a3 3 0 0 0 4.3.2l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3-.2"
    "l-2.6 2.6a3 3 0 0 0 4.3 4.3l1-1",
    "pen": "m4 16 .8-3.2L13.6 4a1.4 1.4 0 0 1 2 0l.4.4a1.4 1.4 0 0 1 0 2L7.2 15.2 4 16Z",
    "send": "M10 16V4M4.5 9.5 10 4l5.5 5.5",
    "trash": "M4 5.5h12M8 5.5V4h4v1.5M5.5 5.5l.7 10.5h7.6l.7-10.5",
    "up": "M6.5 9v7H4V9h2.5Zm0 0 3-5.5c1.3 0 2 .9 2 2V8h3.6c1 0 1.7.9 1.5 1.9l-.9 4.6a1.9 1.9 0 0 1-1.9 1.5H6.5",
}


def icon(name: str, size: int = 16) -> str:
    """The SVG of an icon; what it stands for is said by the button around it."""
    return (
        f'<svg viewBox="0 0 20 20" width="{size}" height="{size}" aria-hidden="true"><path d="{PATHS[name]}" '
        'fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
