"""Read Rich Text Format: tokens, tables, and the text that they make."""
