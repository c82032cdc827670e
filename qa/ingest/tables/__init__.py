"""What all formats with tables share: delimiters, header rows, spreadsheets."""
