"""Read e-mail messages: their headers, the parts of their text, invitations and attachments."""
